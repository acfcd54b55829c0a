using Telemetry.ClickHouse.Client;
using Telemetry.Detection.Model;
using Telemetry.Detection.Track;

namespace Telemetry.Detection.Record;

/// <summary>Writes and reads <c>llm_anomalies</c>. A row goes under a token made of its id and revision, so that it is there once, whoever writes it.</summary>
internal sealed class AnomalyStore(ClickHouseClient client, string instance)
{
    private const string Columns =
        """
        SELECT anomaly_id, revision, state, intDiv(toUnixTimestamp(opened_at), 60) AS opened, intDiv(toUnixTimestamp(last_at), 60) AS last,
            intDiv(toUnixTimestamp(ifNull(closed_at, last_at)), 60) AS closed, scope, tenant, service, model, operation, prompt_name, prompt_version, metric, subject,
            toString(kind) AS kind_name, direction, toInt8(severity) AS severity_number, unit, observed, expected, range_low, range_high, score, window_seconds, calls, why
        FROM llm_anomalies_now
        """;

    private const string SinceSql = Columns + " WHERE state = 'open' OR last_at >= {since:DateTime('UTC')} OR kind = 'novelty' ORDER BY opened_at";

    private const string OfTopicSql = Columns +
        """
         WHERE scope = {scope:String} AND tenant = {tenant:String} AND service = {service:String} AND model = {model:String} AND operation = {operation:String}
            AND prompt_name = {prompt:String} AND prompt_version = {version:String} AND metric = {metric:String} AND subject = {subject:String} AND direction = {direction:String}
        ORDER BY opened_at DESC, revision DESC LIMIT 1
        """;

    private readonly AnomalyRows _rows = new();

    /// <summary>Those that are open, that were closed since a time, and everything that was new.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<Anomaly>> LoadAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(SinceSql, new Dictionary<string, object?> { ["since"] = since }, cancellation);
        return [.. result.Rows.Where(r => Scope.Find(r.GetString("scope")) is not null).Select(Read)];
    }

    /// <summary>Records one row, once: what another instance has recorded of the same anomaly is taken up, and what it has said already is not said again.</summary>
    /// <returns>The anomaly as it stands in the table.</returns>
    /// <exception cref="ClickHouseException">ClickHouse does not take it.</exception>
    public async Task<Anomaly> WriteAsync(Anomaly anomaly, CancellationToken cancellation)
    {
        Anomaly? stored = await FindAsync(anomaly.Topic, cancellation);
        Anomaly row = stored is null ? anomaly : Reconciliation.Of(anomaly, stored) is { } changed ? changed : stored;
        if (!ReferenceEquals(row, stored))
        {
            _rows.Block.Clear();
            _rows.Append(row, instance);
            await client.InsertAsync("llm_anomalies", _rows.Block, $"anomaly/{row.Id}/{row.Revision}", cancellation);
        }

        return row;
    }

    private async Task<Anomaly?> FindAsync(AnomalyTopic topic, CancellationToken cancellation)
    {
        MetricKey key = topic.Key;
        ClickHouseResult result = await client.QueryAsync(
            OfTopicSql,
            new Dictionary<string, object?>
            {
                ["scope"] = key.Scope.Name,
                ["tenant"] = key.Tenant,
                ["service"] = key.Service,
                ["model"] = key.Model,
                ["operation"] = key.Operation,
                ["prompt"] = key.PromptName,
                ["version"] = key.PromptVersion,
                ["metric"] = topic.Metric,
                ["subject"] = topic.Subject,
                ["direction"] = topic.Up ? "up" : "down",
            },
            cancellation);
        return result.Rows.Count == 0 ? null : Read(result.Rows[0]);
    }

    private static Anomaly Read(ClickHouseRow row) => new()
    {
        Id = row.GetString("anomaly_id"),
        Revision = (uint)row.GetInt64("revision"),
        Topic = new AnomalyTopic(
            new MetricKey(
                Scope.Find(row.GetString("scope"))!, row.GetString("tenant"), row.GetString("service"), row.GetString("model"), row.GetString("operation"),
                row.GetString("prompt_name"), row.GetString("prompt_version")),
            row.GetString("metric"), row.GetString("subject"), row.GetString("direction") == "up"),
        IsOpen = row.GetString("state") == "open",
        OpenedAt = row.GetInt64("opened"),
        LastAt = row.GetInt64("last"),
        ClosedAt = row.GetString("state") == "open" ? null : row.GetInt64("closed"),
        Kind = row.GetString("kind_name"),
        Severity = (Severity)row.GetInt64("severity_number"),
        Unit = row.GetString("unit"),
        Observed = Number(row, "observed"),
        Expected = Number(row, "expected"),
        RangeLow = Number(row, "range_low"),
        RangeHigh = Number(row, "range_high"),
        Score = row.GetDouble("score"),
        WindowMinutes = (int)(row.GetInt64("window_seconds") / 60),
        Calls = row.GetInt64("calls"),
        Why = row.GetString("why"),
    };

    private static double? Number(ClickHouseRow row, string column) => row.IsNull(column) ? null : row.GetDouble(column);
}
