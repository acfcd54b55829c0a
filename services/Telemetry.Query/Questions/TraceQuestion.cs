using Telemetry.Query.Ask;
using Telemetry.Query.Scope;

namespace Telemetry.Query.Questions;

/// <summary>One trace: all its spans, billed or not and why; the calls in full; messages, judgements, incidents and anomalies that name it.</summary>
internal static class TraceQuestion
{
    /// <summary>Most spans of one trace that are shown.</summary>
    public const int MostSpans = 5000;

    private static readonly Column[] s_spans =
    [
        Column.Text("span_id", "Span, 16 hex digits"),
        Column.Text("parent_span_id", "The span that it belongs to; empty for a root span"),
        Column.Time("ts", "Start"),
        Column.Number("duration_ms", "Duration in milliseconds"),
        Column.Text("tenant", "Who sent it"),
        Column.Text("service", "The application's service.name"),
        Column.Text("name", "What it did"),
        Column.Text("role", "call, server_call, wrapper, other"),
        Column.Text("status", "ok or error"),
        Column.Text("error_type", "What the error was"),
        Column.Text("model_answered", "Model that answered"),
        Column.Flag("billed", "Whether it is a provider call that is billed"),
        Column.Text("bill", "Why it was billed, not priced or not billed, in words"),
        Column.Text("not_billed_because", "wrapper, server_side, same_call, not_a_call, unknown_convention; empty when billed"),
        Column.Integer("input_tokens", "Input tokens as this span told them", nullable: true),
        Column.Integer("cached_tokens", "Input tokens from the cache", nullable: true),
        Column.Integer("output_tokens", "Output tokens as this span told them", nullable: true),
        Column.Money("cost_usd", "Cost in US dollars; null when not billed or not known"),
        Column.Text("cost_reason", "Why a billed span has no cost"),
        Column.Text("price_id", "The price entry that priced it"),
        Column.Number("ttft_ms", "Time to first token in milliseconds"),
        Column.Texts("flags", "What was noticed"),
    ];

    private static readonly Column[] s_incidents =
    [
        Column.Text("incident_id", "Id"), Column.Text("rule", "Rule"), Column.Text("severity", "info, warning, critical"),
        Column.Text("state", "pending, firing, acknowledged, resolved"), Column.Text("summary", "What happened"), Column.Time("started_at", "Since when"),
    ];

    private static readonly Column[] s_anomalies =
    [
        Column.Text("anomaly_id", "Id"), Column.Text("metric", "What stood out"), Column.Text("severity", "info, warning, critical"),
        Column.Text("state", "open or closed"), Column.Text("why", "In words"), Column.Time("opened_at", "Since when"),
    ];

    /// <summary>The statements, by the names of their parts in the answer.</summary>
    public static IReadOnlyList<Statement> Ask(string trace, AccessScope scope) =>
    [
        Spans(trace), CallQuestion.Calls("calls", trace, null), .. scope.MayReadContent ? (Statement[])[CallQuestion.Content(trace, null)] : [],
        ScoresQuestion.OfTrace(trace, null), Incidents(trace), Anomalies(trace),
    ];

    /// <summary>All spans.</summary>
    public static Statement Spans(string trace)
    {
        string columns = string.Join(", ", s_spans.Select(c => c.Name == "bill"
            ? "multiIf(r.billed AND isNotNull(r.cost_usd), concat('billed at ', r.price_id), r.billed, concat('no price: ', r.cost_reason), concat('not billed: ', r.not_billed_because)) AS bill"
            : "r." + c.Name));
        string sql = $$"""
            SELECT
                {{columns}}
            FROM llm_trace_spans AS r
            WHERE r.trace_id = {trace:String}
            ORDER BY r.ts, r.span_id
            LIMIT {{MostSpans + 1}}
            """;
        return new Statement("spans", sql, CallQuestion.Parameters(trace, null), s_spans) { Limit = MostSpans };
    }

    private static Statement Incidents(string trace) => new(
        "incidents",
        $$"""
        SELECT {{string.Join(", ", s_incidents.Select(c => "r." + c.Name))}}
        FROM alert_incidents_now AS r
        WHERE has(r.trace_ids, {trace:String})
        ORDER BY r.started_at DESC
        LIMIT 100
        """,
        CallQuestion.Parameters(trace, null), s_incidents);

    private static Statement Anomalies(string trace) => new(
        "anomalies",
        $$"""
        SELECT {{string.Join(", ", s_anomalies.Select(c => "r." + c.Name))}}
        FROM llm_anomalies_now AS r
        WHERE has(r.exemplars, {trace:String})
        ORDER BY r.opened_at DESC
        LIMIT 100
        """,
        CallQuestion.Parameters(trace, null), s_anomalies);
}
