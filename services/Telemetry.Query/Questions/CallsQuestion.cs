using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Page;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>Single calls as they stand now: corrections and what they took back are gone.</summary>
internal static class CallsQuestion
{
    /// <summary>What a list can be sorted by.</summary>
    public static readonly IReadOnlyList<Sort> Sorts =
    [
        new("time", "toUnixTimestamp64Nano(r.ts)", "Int64", Nullable: false),
        new("duration_ms", "r.duration_ms", "Float64", Nullable: true),
        new("ttft_ms", "r.ttft_ms", "Float64", Nullable: true),
        new("cost_usd", "r.cost_usd", "Decimal(18, 12)", Nullable: true),
        new("input_tokens", "r.input_tokens", "UInt64", Nullable: true),
        new("output_tokens", "r.output_tokens", "UInt64", Nullable: true),
    ];

    /// <summary>What tells calls of the same sort value apart.</summary>
    public static readonly IReadOnlyList<string> Ids = ["trace_id", "span_id"];

    /// <summary>What is told of a call in a list.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        Column.Time("ts", "Start of the call"),
        Column.Text("trace_id", "Trace, 32 hex digits"),
        Column.Text("span_id", "Span, 16 hex digits"),
        Column.Text("tenant", "Who sent it"),
        Column.Text("service", "The application's service.name"),
        Column.Text("environment", "deployment.environment.name"),
        Column.Text("provider", "gen_ai.provider.name"),
        Column.Text("model_requested", "Model that was asked for"),
        Column.Text("model_answered", "Model that answered"),
        Column.Text("operation", "chat, embeddings, ..."),
        Column.Flag("stream", "Whether the answer was streamed; null when the span does not say", nullable: true),
        Column.Text("status", "ok or error"),
        Column.Text("error_type", "What the error was"),
        Column.Texts("finish_reasons", "Why the answer ended"),
        Column.Text("prompt_name", "Name of the prompt"),
        Column.Text("prompt_version", "Version of the prompt"),
        Column.Text("user_id", "The application's user"),
        Column.Text("session_id", "Conversation"),
        Column.Text("agent_name", "Agent that made the call"),
        Column.Integer("input_tokens", "All input tokens, cached ones included; null when not known", nullable: true),
        Column.Integer("cached_tokens", "Input tokens that were read from the provider's cache", nullable: true),
        Column.Integer("output_tokens", "All output tokens, reasoning included", nullable: true),
        Column.Integer("reasoning_tokens", "Output tokens that were spent on reasoning", nullable: true),
        Column.Text("tokens_source", "reported, estimated (counted here) or unknown"),
        Column.Money("cost_usd", "Cost in US dollars; null when it is not known, see cost_reason"),
        Column.Text("cost_reason", "Why there is no cost; empty when there is one"),
        Column.Text("cost_basis", "exact, upper_bound or estimated_tokens"),
        Column.Text("price_id", "The price entry that priced it"),
        Column.Number("duration_ms", "Duration in milliseconds"),
        Column.Number("ttft_ms", "Time to first token in milliseconds; null without evidence"),
        Column.Number("tokens_per_second", "Output tokens a second after the first token"),
        Column.Texts("flags", "What was noticed: impossible values, screening results"),
    ];

    /// <summary>One page.</summary>
    public static Statement Ask(TimeRange range, Selection selection, PageRequest page) => Ask(range, selection, page, withKey: true);

    /// <summary>The same rows without the key of the page, for an export.</summary>
    public static Statement Export(TimeRange range, Selection selection, PageRequest page) => Ask(range, selection, page, withKey: false);

    private static Statement Ask(TimeRange range, Selection selection, PageRequest page, bool withKey)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        string present = page.Sort.Nullable ? $"\n    AND isNotNull({page.Sort.Expression})" : "";
        string key = page.Sort.Nullable ? $"assumeNotNull({page.Sort.Expression})" : page.Sort.Expression;
        string order = withKey ? page.OrderBy([.. Ids.Select(i => "r." + i)]) : page.OrderBy([.. Ids.Select(i => "r." + i)]).Replace(Sort.Key, key, StringComparison.Ordinal);
        string sql = $"""
            SELECT
                {string.Join(", ", Columns.Select(c => "r." + c.Name))}{(withKey ? $",\n    {key} AS {Sort.Key}" : "")}
            FROM llm_calls AS r
            WHERE {Sources.InRange("r", range, parameters)}
                AND r.sign > 0 AND (r.trace_id, r.span_id, r.revision) NOT IN (SELECT c.trace_id, c.span_id, c.revision FROM llm_calls AS c WHERE c.sign < 0 AND {Sources.InRange("c", range, parameters)}){selection.Where("r", parameters)}{present}{page.Where([.. Ids.Select(i => "r." + i)], parameters)}
            {order}
            LIMIT {(withKey ? page.Limit + 1 : page.Limit)}
            """;
        return new Statement("data", sql, parameters, Columns) { Limit = withKey ? page.Limit : 0 };
    }
}
