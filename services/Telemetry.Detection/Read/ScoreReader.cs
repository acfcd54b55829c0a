using Telemetry.ClickHouse.Client;

namespace Telemetry.Detection.Read;

/// <summary>Reads the mean of each score of each service, minute by minute, from <c>llm_scores</c>; each judgement counts as many calls as it was drawn from.</summary>
internal sealed class ScoreReader(ClickHouseClient client)
{
    private const int MostNames = 200;
    private const string Sql =
        """
        SELECT s.service AS service, s.name AS name, intDiv(toUnixTimestamp(s.ts), 60) AS minute, sum(s.value / s.probability) / sum(1 / s.probability) AS mean, count() AS judged
        FROM (SELECT service, name, toDateTime(ts, 'UTC') AS ts, assumeNotNull(value) AS value, greatest(probability, 0.0001) AS probability FROM llm_scores
            WHERE ts >= {from:DateTime64(9, 'UTC')} AND ts < {to:DateTime64(9, 'UTC')} AND isNotNull(value)) AS s
        GROUP BY service, name, minute
        ORDER BY minute, judged DESC LIMIT {most:UInt32} BY minute
        """;

    /// <summary>Scores of some minutes.</summary>
    /// <param name="from">First minute, since 1970.</param>
    /// <param name="to">The minute behind the last one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<ScoreMinute>> ReadAsync(long from, long to, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            Sql,
            new Dictionary<string, object?> { ["from"] = DateTimeOffset.FromUnixTimeSeconds(from * 60), ["to"] = DateTimeOffset.FromUnixTimeSeconds(to * 60), ["most"] = MostNames },
            cancellation);
        return [.. result.Rows.Select(r => new ScoreMinute(r.GetString("service"), r.GetString("name"), r.GetInt64("minute"), r.GetDouble("mean"), r.GetInt64("judged")))];
    }
}
