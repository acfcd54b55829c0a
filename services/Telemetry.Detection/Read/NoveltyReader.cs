using Telemetry.ClickHouse.Client;

namespace Telemetry.Detection.Read;

/// <summary>Finds what was never there before: a model of a service, a model without a price, a type of error.</summary>
internal sealed class NoveltyReader(ClickHouseClient client)
{
    // What is new is judged against everything before its minute, so it is the same whenever it is asked. A service that is new itself has nothing but novelties.
    private const string Models =
        """
        SELECT service, model, countIf(is_new > 0) AS fresh, min(minute) AS first_minute, sum(now_calls) AS calls, sum(now_unpriced) AS unpriced, sum(old_calls) AS calls_before,
            sum(old_unpriced) AS unpriced_before
        FROM
        (
            SELECT service, model_requested AS model, 1 AS is_new, toUnixTimestamp(min(r.ts)) AS minute, sum(r.calls) AS now_calls, sum(r.calls_unpriced) AS now_unpriced, 0 AS old_calls, 0 AS old_unpriced
            FROM llm_rollup_1m AS r WHERE r.ts >= {from:DateTime('UTC')} AND r.ts < {to:DateTime('UTC')} GROUP BY service, model
            UNION ALL
            SELECT service, model_requested AS model, 0 AS is_new, 4294967295 AS minute, 0, 0, sum(h.calls), sum(h.calls_unpriced)
            FROM llm_rollup_1h AS h WHERE h.ts >= {since:DateTime('UTC')} AND h.ts < toStartOfHour({from:DateTime('UTC')}) GROUP BY service, model
            UNION ALL
            SELECT service, model_requested AS model, 0 AS is_new, 4294967295 AS minute, 0, 0, sum(m.calls), sum(m.calls_unpriced)
            FROM llm_rollup_1m AS m WHERE m.ts >= toStartOfHour({from:DateTime('UTC')}) AND m.ts < {from:DateTime('UTC')} GROUP BY service, model
        )
        GROUP BY service, model
        HAVING calls > 0 AND (calls_before = 0 OR (unpriced > 0 AND unpriced_before = 0))
        ORDER BY service, model LIMIT 100
        """;

    private const string Errors =
        """
        SELECT service, error_type, toUnixTimestamp(min(c.ts)) AS first_minute, count() AS calls
        FROM llm_calls AS c
        WHERE c.ts >= {from:DateTime64(9, 'UTC')} AND c.ts < {to:DateTime64(9, 'UTC')} AND c.status = 'error' AND error_type != '' AND sign > 0
            AND ingested_at >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY
        GROUP BY service, error_type ORDER BY service, error_type LIMIT 1000
        """;

    // Over all calls of weeks, so it is asked once.
    private const string KnownErrors =
        """
        SELECT DISTINCT service, error_type FROM llm_calls
        WHERE ts >= {since:DateTime64(9, 'UTC')} AND ts < {from:DateTime64(9, 'UTC')} AND status = 'error' AND ingested_at >= {since:DateTime64(9, 'UTC')} LIMIT 100000
        """;

    private const string Known =
        "SELECT service FROM llm_rollup_1h AS r WHERE r.ts >= {since:DateTime('UTC')} GROUP BY service HAVING min(r.ts) <= {known:DateTime('UTC')} - INTERVAL 1 HOUR";

    private HashSet<(string Service, string Type)>? _errors;

    /// <summary>What was told is known from now on.</summary>
    public void Remember(IEnumerable<Novelty> told) => _errors?.UnionWith(told.Where(n => n.Kind == NoveltyKind.NewErrorType).Select(n => (n.Service, n.Subject)));

    /// <summary>What is new in some minutes.</summary>
    /// <param name="from">First minute, since 1970.</param>
    /// <param name="to">The minute behind the last one.</param>
    /// <param name="days">Days before it that count as known.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<Novelty>> ReadAsync(long from, long to, int days, CancellationToken cancellation)
    {
        DateTimeOffset first = DateTimeOffset.FromUnixTimeSeconds(from * 60);
        var parameters = new Dictionary<string, object?>
        {
            ["from"] = first,
            ["to"] = DateTimeOffset.FromUnixTimeSeconds(to * 60),
            ["since"] = first.AddDays(-Math.Max(1, days)),
            ["known"] = first,
        };
        HashSet<string> known = [.. (await client.QueryAsync(Known, parameters, cancellation)).Rows.Select(r => r.GetString("service"))];
        var found = new List<Novelty>();
        foreach (ClickHouseRow row in (await client.QueryAsync(Models, parameters, cancellation)).Rows)
        {
            bool isNew = row.GetInt64("calls_before") == 0;
            long minute = row.GetInt64("first_minute") / 60;
            if (isNew)
            {
                found.Add(new Novelty(NoveltyKind.NewModel, row.GetString("service"), row.GetString("model"), row.GetString("model"), minute, row.GetInt64("calls")));
            }

            if (row.GetInt64("unpriced") > 0)
            {
                found.Add(new Novelty(NoveltyKind.UnknownPrice, row.GetString("service"), row.GetString("model"), row.GetString("model"), minute, row.GetInt64("unpriced")));
            }
        }

        _errors ??= [.. (await client.QueryAsync(KnownErrors, parameters, cancellation)).Rows.Select(r => (r.GetString("service"), r.GetString("error_type")))];
        foreach (ClickHouseRow row in (await client.QueryAsync(Errors, parameters, cancellation)).Rows)
        {
            (string, string) error = (row.GetString("service"), row.GetString("error_type"));
            if (!known.Contains(error.Item1))
            {
                _errors.Add(error);
            }
            else if (!_errors.Contains(error))
            {
                found.Add(new Novelty(NoveltyKind.NewErrorType, row.GetString("service"), "", row.GetString("error_type"), row.GetInt64("first_minute") / 60, row.GetInt64("calls")));
            }
        }

        return [.. found.Where(n => known.Contains(n.Service))];
    }
}
