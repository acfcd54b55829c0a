using System.Globalization;
using System.Text.Json;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.Quality.Evaluate;

/// <summary>Runs in ClickHouse.</summary>
public sealed class EvalStore(ClickHouseClient client)
{
    private const int MostRuns = 500;
    private const int ResultsAtOnce = 200;

    /// <summary>Stores a run; it is there when the last insert is done, and nothing of it is listed before.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not take it.</exception>
    public async Task WriteAsync(EvalRun run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        for (int i = 0; i < run.Results.Count; i += ResultsAtOnce)
        {
            NativeBlock block = EvalRows.Of(run.Id, run.Results.Skip(i).Take(ResultsAtOnce));
            await client.InsertAsync("llm_eval_results", block, string.Create(CultureInfo.InvariantCulture, $"{run.Id}/{i}"), cancellation);
        }

        await client.ExecuteAsync(
            """
            INSERT INTO llm_eval_runs (run_id, started_at, set_name, set_hash, model, endpoint, label, judge_model, repeats, results, passed, incomplete, mean_score)
            SELECT {id:String}, {at:DateTime64(3)}, {set:String}, {hash:String}, {model:String}, {endpoint:String}, {label:String}, {judge:String}, {repeats:UInt32}, {results:UInt64}, {passed:UInt64}, {incomplete:UInt64}, {score:Nullable(Float64)}
            """,
            new Dictionary<string, object?>
            {
                ["id"] = run.Id,
                ["at"] = run.StartedAt,
                ["set"] = run.Set,
                ["hash"] = run.SetHash,
                ["model"] = run.Model,
                ["endpoint"] = run.Endpoint,
                ["label"] = run.Label,
                ["judge"] = run.JudgeModel,
                ["repeats"] = run.Repeats,
                ["results"] = run.Results.Count,
                ["passed"] = run.Results.Count(r => r.Passed),
                ["incomplete"] = run.Incomplete,
                ["score"] = run.MeanScore,
            },
            cancellation);
    }

    /// <summary>Runs, the newest first.</summary>
    /// <param name="set">Only of this set; all when empty.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<EvalSummary>> ListAsync(string set, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            """
            SELECT run_id, started_at, set_name, model, label, judge_model, toInt64(results) AS results, toInt64(passed) AS passed, toInt64(incomplete) AS incomplete, mean_score
            FROM llm_eval_runs WHERE {set:String} = '' OR set_name = {set:String} ORDER BY started_at DESC LIMIT {most:UInt32}
            """,
            new Dictionary<string, object?> { ["set"] = set, ["most"] = MostRuns },
            cancellation);
        return
        [
            .. result.Rows.Select(r => new EvalSummary(
                r.GetString("run_id"), r.GetDateTime("started_at"), r.GetString("set_name"), r.GetString("model"), r.GetString("label"), r.GetString("judge_model"), r.GetInt64("results"), r.GetInt64("passed"),
                r.GetInt64("incomplete"), r.IsNull("mean_score") ? null : r.GetDouble("mean_score"))),
        ];
    }

    /// <summary>One run with its results; null when there is none, or more than one begins so.</summary>
    /// <param name="id">Its id or its beginning, or <c>latest</c>.</param>
    /// <param name="set">For <c>latest</c>: of this set.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<EvalRun?> FindAsync(string id, string set, CancellationToken cancellation)
    {
        var parameters = new Dictionary<string, object?> { ["id"] = id, ["set"] = set };
        ClickHouseResult found = await client.QueryAsync(
            id == "latest"
                ? "SELECT * FROM llm_eval_runs WHERE set_name = {set:String} ORDER BY started_at DESC LIMIT 1"
                : "SELECT * FROM llm_eval_runs WHERE startsWith(run_id, {id:String}) ORDER BY started_at DESC LIMIT 2",
            parameters,
            cancellation);
        if (found.Rows.Count != 1)
        {
            return null;
        }

        ClickHouseRow run = found.Rows[0];
        parameters["id"] = run.GetString("run_id");
        ClickHouseResult results = await client.QueryAsync(
            "SELECT case_id, toInt64(repeat) AS repeat, passed, must_pass, failures, scores, error_type, answer, latency_ms, input_tokens, output_tokens FROM llm_eval_results WHERE run_id = {id:String} ORDER BY case_id, repeat",
            parameters,
            cancellation);
        return new EvalRun
        {
            Id = run.GetString("run_id"),
            StartedAt = run.GetDateTime("started_at"),
            Set = run.GetString("set_name"),
            SetHash = run.GetString("set_hash"),
            Model = run.GetString("model"),
            Endpoint = run.GetString("endpoint"),
            Label = run.GetString("label"),
            JudgeModel = run.GetString("judge_model"),
            Repeats = (int)run.GetInt64("repeats"),
            Results = [.. results.Rows.Select(Result)],
        };
    }

    private static EvalResult Result(ClickHouseRow r) => new()
    {
        CaseId = r.GetString("case_id"),
        Repeat = (int)r.GetInt64("repeat"),
        Passed = r.GetBoolean("passed"),
        MustPass = r.GetBoolean("must_pass"),
        Failures = r.GetArray<string>("failures"),
        Scores = JsonSerializer.Deserialize<Dictionary<string, double>>(r.GetString("scores")) ?? [],
        Error = r.GetString("error_type"),
        Answer = r.GetString("answer"),
        LatencyMilliseconds = r.GetDouble("latency_ms"),
        InputTokens = r.IsNull("input_tokens") ? null : r.GetInt64("input_tokens"),
        OutputTokens = r.IsNull("output_tokens") ? null : r.GetInt64("output_tokens"),
    };
}

/// <summary>One run, as lists show it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartedAt">When it was started, UTC.</param>
/// <param name="Set">Name of the set.</param>
/// <param name="Model">Model that was asked.</param>
/// <param name="Label">What it is told apart by.</param>
/// <param name="JudgeModel">The judge; empty without one.</param>
/// <param name="Results">Results.</param>
/// <param name="Passed">Of them passed.</param>
/// <param name="Incomplete">Of them without a result.</param>
/// <param name="MeanScore">Mean of the judge's scores; null without any.</param>
public sealed record EvalSummary(
    string Id, DateTimeOffset StartedAt, string Set, string Model, string Label, string JudgeModel, long Results, long Passed, long Incomplete, double? MeanScore);
