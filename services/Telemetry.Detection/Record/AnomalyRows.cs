using System.Text;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Detection.Track;

namespace Telemetry.Detection.Record;

/// <summary>Rows for <c>llm_anomalies</c>.</summary>
internal sealed class AnomalyRows
{
    private readonly StringColumn _id = new("anomaly_id");
    private readonly NumberColumn<uint> _revision = new("revision");
    private readonly Enum8Column _state = new("state", "Enum8('open' = 1, 'closed' = 2)");
    private readonly DateTime64Column _openedAt = new("opened_at", 0);
    private readonly DateTime64Column _lastAt = new("last_at", 0);
    private readonly NullableDateTime64Column _closedAt = new("closed_at", 0);
    private readonly LowCardinalityStringColumn[] _texts =
    [
        .. new[] { "scope", "tenant", "service", "model", "operation", "prompt_name", "prompt_version", "metric", "subject", "unit", "detector" }.Select(n => new LowCardinalityStringColumn(n)),
    ];

    private readonly Enum8Column _kind = new("kind", "Enum8('shift' = 1, 'silence' = 2, 'novelty' = 3)");
    private readonly Enum8Column _direction = new("direction", "Enum8('up' = 1, 'down' = 2)");
    private readonly Enum8Column _severity = new("severity", "Enum8('info' = 1, 'warning' = 2, 'critical' = 3)");
    private readonly NullableNumberColumn<double> _observed = new("observed");
    private readonly NullableNumberColumn<double> _expected = new("expected");
    private readonly NullableNumberColumn<double> _low = new("range_low");
    private readonly NullableNumberColumn<double> _high = new("range_high");
    private readonly NumberColumn<double> _score = new("score");
    private readonly NumberColumn<uint> _window = new("window_seconds");
    private readonly NumberColumn<long> _calls = new("calls");
    private readonly LowCardinalityStringArrayColumn _exemplars = new("exemplars");
    private readonly StringColumn _why = new("why");

    public AnomalyRows() => Block = new NativeBlock(
    [
        _id, _revision, _state, _openedAt, _lastAt, _closedAt, .. _texts, _kind, _direction, _severity, _observed, _expected, _low, _high, _score, _window, _calls, _exemplars, _why,
    ]);

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Appends one.</summary>
    public void Append(Anomaly anomaly, string instance)
    {
        const int Seconds = 60;
        AnomalyTopic topic = anomaly.Topic;
        Append(_id, anomaly.Id);
        _revision.Append(anomaly.Revision);
        _state.Append((sbyte)(anomaly.IsOpen ? 1 : 2));
        _openedAt.Append(anomaly.OpenedAt * Seconds);
        _lastAt.Append(anomaly.LastAt * Seconds);
        if (anomaly.ClosedAt is { } closed)
        {
            _closedAt.Append(closed * Seconds);
        }
        else
        {
            _closedAt.AppendNull();
        }

        string[] texts =
        [
            topic.Key.Scope.Name, topic.Key.Tenant, topic.Key.Service, topic.Key.Model, topic.Key.Operation, topic.Key.PromptName, topic.Key.PromptVersion, topic.Metric,
            topic.Subject, anomaly.Unit, instance,
        ];
        for (int i = 0; i < texts.Length; i++)
        {
            _texts[i].Append(Encoding.UTF8.GetBytes(texts[i]));
        }

        _kind.Append((sbyte)(anomaly.Kind switch { "shift" => 1, "silence" => 2, _ => 3 }));
        _direction.Append((sbyte)(topic.Up ? 1 : 2));
        _severity.Append((sbyte)anomaly.Severity);
        _observed.Append(anomaly.Observed);
        _expected.Append(anomaly.Expected);
        _low.Append(anomaly.RangeLow);
        _high.Append(anomaly.RangeHigh);
        _score.Append(anomaly.Score);
        _window.Append((uint)(anomaly.WindowMinutes * Seconds));
        _calls.Append(anomaly.Calls);
        foreach (string exemplar in anomaly.Exemplars)
        {
            _exemplars.Append(Encoding.UTF8.GetBytes(exemplar));
        }

        _exemplars.EndRow();
        Append(_why, anomaly.Why);
    }

    private static void Append(StringColumn column, string text) => column.Append(Encoding.UTF8.GetBytes(text));
}
