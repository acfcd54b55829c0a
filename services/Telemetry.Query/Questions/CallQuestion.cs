using Telemetry.Query.Ask;
using Telemetry.Query.Scope;

namespace Telemetry.Query.Questions;

/// <summary>Everything about one call: its numbers, the parts of its cost, messages, judgements.</summary>
internal static class CallQuestion
{
    /// <summary>What is told beyond a list: how the cost is made up, and where the row came from.</summary>
    public static readonly IReadOnlyList<Column> Details =
    [
        .. CallsQuestion.Columns,
        Column.Text("parent_span_id", "The span that it belongs to; empty for a root span"),
        Column.Text("convention", "The dialect of the span"),
        Column.Text("instrumentation", "Instrumentation scope"),
        Column.Text("role", "call, server_call or wrapper: why it is billed"),
        Column.Text("response_id", "The provider's id of the answer"),
        Column.Text("workflow_name", "Workflow that made the call"),
        Column.Text("service_tier", "flex, priority, batch, ..."),
        Column.Integer("cache_write_tokens", "Input tokens that were written to the provider's cache", nullable: true),
        Column.Text("usage_reading", "What was added to bring the counts to one meaning"),
        Column.Money("cost_input_usd", "Part of the cost: uncached input"),
        Column.Money("cost_cached_usd", "Part of the cost: input from the cache"),
        Column.Money("cost_cache_write_usd", "Part of the cost: writing the cache"),
        Column.Money("cost_output_usd", "Part of the cost: output"),
        Column.Money("cost_other_usd", "Part of the cost: fees for requests and tools"),
        Column.Money("cost_reported_usd", "What the application itself said"),
        Column.Text("price_version", "Version of the price book"),
        Column.Integer("revision", "How often it was priced anew"),
        Column.Text("ttft_source", "What told the first token"),
        Column.Number("time_per_output_token_ms", "Milliseconds for an output token"),
        Column.Texts("labels", "Tags that the application put on the call"),
        new("tags", ColumnType.Map, "Other attributes of the span"),
        Column.Text("metadata", "JSON object that the application put on the call; empty when none"),
        Column.Time("ingested_at", "When the row was written"),
    ];

    private static readonly Column[] s_content =
    [
        Column.Text("span_id", "The call"),
        Column.Text("system_instructions", "JSON in the shape of gen_ai.system_instructions; empty when not kept"),
        Column.Text("input_messages", "JSON in the shape of gen_ai.input.messages; empty when not kept"),
        Column.Text("output_messages", "JSON in the shape of gen_ai.output.messages; empty when not kept"),
        Column.Text("tool_definitions", "JSON in the shape of gen_ai.tool.definitions; empty when not kept"),
    ];

    /// <summary>The statements, by the names of their parts in the answer.</summary>
    public static IReadOnlyList<Statement> Ask(string trace, string span, AccessScope scope) =>
    [
        Calls("call", trace, span), .. scope.MayReadContent ? (Statement[])[Content(trace, span)] : [], ScoresQuestion.OfTrace(trace, span),
    ];

    /// <summary>Calls of a trace in full, all or one.</summary>
    public static Statement Calls(string name, string trace, string? span)
    {
        Dictionary<string, object?> parameters = Parameters(trace, span);
        string one = span is null ? "" : " AND r.span_id = {span:String}";
        string sql = $$"""
            SELECT
                {{string.Join(", ", Details.Select(c => "r." + c.Name))}}
            FROM llm_calls AS r
            WHERE r.trace_id = {trace:String}{{one}} AND r.sign > 0
                AND (r.span_id, r.revision) NOT IN (SELECT c.span_id, c.revision FROM llm_calls AS c WHERE c.trace_id = {trace:String} AND c.sign < 0)
            ORDER BY r.ts, r.span_id
            LIMIT {{TraceQuestion.MostSpans}}
            """;
        return new Statement(name, sql, parameters, Details);
    }

    /// <summary>What was said in a trace, or in one call of it.</summary>
    public static Statement Content(string trace, string? span)
    {
        Dictionary<string, object?> parameters = Parameters(trace, span);
        string one = span is null ? "" : " AND r.span_id = {span:String}";
        string sql = $$"""
            SELECT
                {{string.Join(", ", s_content.Select(c => "r." + c.Name))}}
            FROM llm_content_now AS r
            WHERE r.trace_id = {trace:String}{{one}}
            ORDER BY r.ts, r.span_id
            LIMIT {{TraceQuestion.MostSpans}}
            """;
        return new Statement("content", sql, parameters, s_content);
    }

    internal static Dictionary<string, object?> Parameters(string trace, string? span)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { ["trace"] = trace };
        if (span is not null)
        {
            parameters["span"] = span;
        }

        return parameters;
    }
}
