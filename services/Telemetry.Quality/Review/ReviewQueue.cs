using System.Security.Cryptography;
using System.Text;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Quality.Review;

/// <summary>Answers for people to look at: what judges and users disagree on, what was found bad, and a random share. Each is shown to one reviewer at a time.</summary>
public sealed class ReviewQueue(ClickHouseClient client)
{
    private const int MostTries = 20;
    private const int MostOpinions = 100;
    private const int IdBytes = 16;

    // What lies within the random share is random whatever was said about it, and comes in the order of its hash; so what is reviewed of it speaks for all, however far
    // reviewers get. Reasons take turns.
    private const string Items =
        """
        SELECT trace_id, span_id, at, service, reason, rubrics
        FROM
        (
            SELECT *, row_number() OVER (PARTITION BY reason ORDER BY position) AS turn
            FROM
            (
                SELECT
                    kept.trace_id AS trace_id, kept.span_id AS span_id, kept.at AS at, kept.service AS service, judged.rubrics AS rubrics,
                    cityHash64('review', kept.trace_id, kept.span_id) / 18446744073709551616. AS position,
                    multiIf(
                        position < {share:Float64} AND (notEmpty(judged.rubrics) OR NOT (SELECT count() > 0 FROM llm_scores WHERE source = 'judge' AND ingested_at >= {from:DateTime64(3)})), 'random',
                        judged.judgements > 0 AND judged.opinions > 0 AND abs(judged.judge_mean - judged.user_mean) >= 0.5, 'disagreement',
                        judged.judgements > 0 AND judged.judge_mean >= 0.75 AND judged.findings > 0, 'disagreement',
                        judged.judgements > 0 AND judged.judge_least <= 0.25, 'low_score',
                        judged.opinions > 0 AND judged.user_mean <= 0.25, 'low_score',
                        '') AS reason
                FROM
                (
                    SELECT trace_id, span_id, min(c.ts) AS at, any(c.service) AS service
                    FROM llm_content AS c
                    WHERE c.ingested_at >= {from:DateTime64(3)} AND c.output_messages != '' AND ({service:String} = '' OR c.service = {service:String})
                    GROUP BY trace_id, span_id
                ) AS kept
                LEFT JOIN
                (
                    SELECT
                        call_trace_id,
                        call_span_id,
                        countIf(source IN ('judge', 'event') AND isNotNull(value)) AS judgements,
                        avgIf(ifNull(value, 0), source IN ('judge', 'event') AND isNotNull(value)) AS judge_mean,
                        minIf(ifNull(value, 0), source IN ('judge', 'event') AND isNotNull(value)) AS judge_least,
                        countIf(source = 'user' AND isNotNull(value)) AS opinions,
                        avgIf(ifNull(value, 0), source = 'user' AND isNotNull(value)) AS user_mean,
                        countIf(source = 'rule' AND NOT startsWith(name, 'pii_prompt')) AS findings,
                        arraySort(groupUniqArrayIf(name, source IN ('judge', 'event'))) AS rubrics
                    FROM llm_judged_calls
                    WHERE ts >= {from:DateTime64(3)} AND call_span_id != '' AND error_type = ''
                    GROUP BY call_trace_id, call_span_id
                ) AS judged ON judged.call_trace_id = kept.trace_id AND judged.call_span_id = kept.span_id
            )
            WHERE reason != '' AND ({reason:String} = '' OR reason = {reason:String})
                AND (trace_id, span_id) NOT IN (SELECT trace_id, span_id FROM llm_reviews WHERE kind IN ('scored', 'skipped'))
                AND (trace_id, span_id) NOT IN (SELECT call_trace_id, call_span_id FROM llm_judged_calls WHERE source = 'human' AND ts >= {from:DateTime64(3)})
                AND (trace_id, span_id) NOT IN (SELECT trace_id, span_id FROM llm_reviews GROUP BY trace_id, span_id, claim_id HAVING max(until) > now64(3) AND countIf(kind = 'released') = 0)
        )
        ORDER BY turn, reason
        LIMIT {most:UInt32}
        SETTINGS join_use_nulls = 0
        """;

    /// <summary>What waits, in the order in which it is given out.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<ReviewItem>> ListAsync(ReviewOptions options, DateTimeOffset now, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ClickHouseResult result = await client.QueryAsync(
            Items,
            new Dictionary<string, object?> { ["from"] = now - options.Back, ["share"] = options.RandomShare, ["service"] = options.Service, ["reason"] = options.Reason, ["most"] = most },
            cancellation);
        return
        [
            .. result.Rows.Select(r => new ReviewItem(
                r.GetString("trace_id"), r.GetString("span_id"), r.GetDateTime("at"), r.GetString("service"), r.GetString("reason"),
                r.GetString("reason") == ReviewReasons.Random ? options.RandomShare : 1, r.GetArray<string>("rubrics"))),
        ];
    }

    /// <summary>Claims the next item; null when nothing waits. Two who ask at once never get the same one.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<ClaimedItem?> ClaimNextAsync(ReviewOptions options, string reviewer, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (ReviewItem item in await ListAsync(options, now, MostTries, cancellation))
        {
            if (await TryClaimAsync(item, reviewer, options.ClaimFor, cancellation) is { } claim)
            {
                return await ReadAsync(item, claim, cancellation);
            }
        }

        return null;
    }

    /// <summary>Stores what a reviewer says. Said again by the same name, it takes the place of what was said before.</summary>
    /// <param name="verdict">What is said.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when no messages of that call are known and it was not claimed: a typing error.</returns>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<bool> ScoreAsync(ReviewVerdict verdict, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        var parameters = new Dictionary<string, object?>
        {
            ["trace"] = verdict.TraceId,
            ["span"] = verdict.SpanId,
            ["id"] = IdOf(verdict),
            ["name"] = verdict.Rubric,
            ["reviewer"] = verdict.Reviewer,
            ["value"] = verdict.Value,
            ["label"] = verdict.Label,
            ["comment"] = verdict.Comment,
            ["now"] = now,
        };
        if (!(await client.QueryAsync(
            "SELECT count() > 0 AS known FROM (SELECT 1 FROM llm_calls WHERE trace_id = {trace:String} AND span_id = {span:String} UNION ALL SELECT 1 FROM llm_content WHERE trace_id = {trace:String} AND span_id = {span:String})",
            parameters, cancellation)).Rows[0].GetBoolean("known"))
        {
            return false;
        }

        await client.ExecuteAsync(
            """
            INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, score_id, name, source, author, value, label, explanation, probability)
            SELECT {now:DateTime64(3)}, {trace:String}, {span:String}, if(call.n > 0, call.tenant, 'default'), call.service, {id:String}, {name:String}, 'human', {reviewer:String}, {value:Nullable(Float64)}, {label:String}, {comment:String}, 1
            FROM (SELECT count() AS n, any(tenant) AS tenant, any(service) AS service FROM llm_calls WHERE trace_id = {trace:String} AND span_id = {span:String}) AS call
            """,
            parameters,
            cancellation);
        await EndAsync(verdict.TraceId, verdict.SpanId, verdict.Reviewer, "scored", cancellation);
        return true;
    }

    /// <summary>Puts an item aside for good: nobody is asked about it again.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public Task SkipAsync(string traceId, string spanId, string reviewer, CancellationToken cancellation) => EndAsync(traceId, spanId, reviewer, "skipped", cancellation);

    // Keeps why the item was claimed, for that is what agreement is restricted by.
    private Task EndAsync(string traceId, string spanId, string reviewer, string kind, CancellationToken cancellation) => client.ExecuteAsync(
        """
        INSERT INTO llm_reviews (trace_id, span_id, claim_id, reviewer, kind, until, reason, probability)
        SELECT {trace:String}, {span:String}, claim.id, {reviewer:String}, {kind:String}, now64(3), claim.reason, if(claim.probability > 0, claim.probability, 1)
        FROM (SELECT argMax(claim_id, at) AS id, argMax(reason, at) AS reason, argMax(probability, at) AS probability FROM llm_reviews WHERE trace_id = {trace:String} AND span_id = {span:String} AND kind = 'claimed') AS claim
        """,
        new Dictionary<string, object?> { ["trace"] = traceId, ["span"] = spanId, ["reviewer"] = reviewer, ["kind"] = kind },
        cancellation);

    private async Task<string?> TryClaimAsync(ReviewItem item, string reviewer, TimeSpan holdFor, CancellationToken cancellation)
    {
        string claim = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var parameters = new Dictionary<string, object?>
        {
            ["trace"] = item.TraceId,
            ["span"] = item.SpanId,
            ["claim"] = claim,
            ["reviewer"] = reviewer,
            ["seconds"] = (long)holdFor.TotalSeconds,
            ["reason"] = item.Reason,
            ["probability"] = item.Probability,
        };
        await client.ExecuteAsync(
            """
            INSERT INTO llm_reviews (trace_id, span_id, claim_id, reviewer, kind, until, reason, probability)
            VALUES ({trace:String}, {span:String}, {claim:String}, {reviewer:String}, 'claimed', now64(3) + toIntervalSecond({seconds:Int64}), {reason:String}, {probability:Float64})
            """,
            parameters,
            cancellation);
        ClickHouseResult others = await client.QueryAsync(
            """
            SELECT toInt64(count()) AS others
            FROM (SELECT claim_id FROM llm_reviews WHERE trace_id = {trace:String} AND span_id = {span:String} AND claim_id != {claim:String} GROUP BY claim_id
                HAVING countIf(kind IN ('scored', 'skipped')) > 0 OR (max(until) > now64(3) AND countIf(kind = 'released') = 0))
            """,
            parameters,
            cancellation);
        if (others.Rows[0].GetInt64("others") == 0)
        {
            return claim;
        }

        await client.ExecuteAsync(
            """
            INSERT INTO llm_reviews (trace_id, span_id, claim_id, reviewer, kind, until, reason, probability)
            VALUES ({trace:String}, {span:String}, {claim:String}, {reviewer:String}, 'released', now64(3), {reason:String}, {probability:Float64})
            """,
            parameters,
            cancellation);
        return null;
    }

    private async Task<ClaimedItem> ReadAsync(ReviewItem item, string claim, CancellationToken cancellation)
    {
        var parameters = new Dictionary<string, object?> { ["trace"] = item.TraceId, ["span"] = item.SpanId, ["most"] = MostOpinions };
        ClickHouseResult content = await client.QueryAsync(
            "SELECT system_instructions, input_messages, output_messages FROM llm_content_now WHERE trace_id = {trace:String} AND span_id = {span:String}", parameters, cancellation);
        ClickHouseResult opinions = await client.QueryAsync(
            "SELECT source, name, value, label, explanation FROM llm_scores_now WHERE trace_id = {trace:String} AND span_id IN ('', {span:String}) ORDER BY ts LIMIT {most:UInt32}", parameters, cancellation);
        string Text(string column) => content.Rows.Count > 0 ? content.Rows[0].GetString(column) : "";
        return new ClaimedItem(item, claim, Text("system_instructions"), Text("input_messages"), Text("output_messages"), [.. opinions.Rows.Select(r => new Opinion(
            r.GetString("source"), r.GetString("name"), r.IsNull("value") ? null : r.GetDouble("value"), r.GetString("label"), r.GetString("explanation")))]);
    }

    private static string IdOf(ReviewVerdict verdict) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', "review", verdict.TraceId, verdict.SpanId, verdict.Rubric, verdict.Reviewer))).AsSpan(0, IdBytes));
}
