using Telemetry.ClickHouse.Client;
using Telemetry.Judge.Ask;

namespace Telemetry.Judge.Score;

/// <summary>
/// Writes judgements to <c>llm_scores</c>, one for each call, rubric version and judge model: a row goes under a token made of these, so that it is there once, whoever writes it.
/// </summary>
internal sealed class ScoreStore(ClickHouseClient client)
{
    /// <summary>Whether a call has a score by a rubric already, from whichever version and model: then a crash came between score and outcome.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<bool> HasAsync(JudgeRequest request, CancellationToken cancellation) => (await client.QueryAsync(
        """
        SELECT count() AS scores FROM llm_scores
        WHERE trace_id = {trace:String} AND span_id = {span:String} AND name = {rubric:String} AND source = 'judge' AND tenant = {tenant:String} AND service = {service:String}
            AND ingested_at >= {window:DateTime64(3, 'UTC')} - INTERVAL 1 DAY
        """,
        new Dictionary<string, object?>
        {
            ["trace"] = request.TraceId,
            ["span"] = request.SpanId,
            ["rubric"] = request.Rubric,
            ["tenant"] = request.Tenant,
            ["service"] = request.Service,
            ["window"] = request.WindowStart,
        },
        cancellation)).Rows[0].GetInt64("scores") > 0;

    /// <summary>Writes one.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not take it.</exception>
    public Task WriteAsync(JudgeRequest request, Judgement judgement, DateTimeOffset now, CancellationToken cancellation) => client.CopyAsync(
        """
        SELECT fromUnixTimestamp64Milli({at:Int64}, 'UTC') AS ts, {trace:String} AS trace_id, {span:String} AS span_id, {tenant:String} AS tenant, {service:String} AS service,
            {response:String} AS response_id, {rubric:String} AS name, 'judge' AS source, {value:Nullable(Float64)} AS value, {label:String} AS label,
            {explanation:String} AS explanation, {error:String} AS error_type, {probability:Float64} AS probability, {version:String} AS rubric_version, {model:String} AS judge_model
        """,
        new Dictionary<string, object?>
        {
            ["at"] = now.ToUnixTimeMilliseconds(),
            ["trace"] = request.TraceId,
            ["span"] = request.SpanId,
            ["tenant"] = request.Tenant,
            ["service"] = request.Service,
            ["response"] = request.ResponseId,
            ["rubric"] = judgement.Rubric,
            ["value"] = judgement.Value,
            ["label"] = judgement.Label,
            ["explanation"] = judgement.Explanation,
            ["error"] = judgement.Error,
            ["probability"] = request.Probability,
            ["version"] = judgement.RubricVersion,
            ["model"] = judgement.JudgeModel,
        },
        "llm_scores", $"judge/{request.TraceId}/{request.SpanId}/{judgement.Rubric}/{judgement.RubricVersion}/{judgement.JudgeModel}", cancellation);
}
