using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Telemetry.Demo.Report;

/// <summary>Asks ClickHouse over plain HTTP, as anyone would with curl; the queries are the files in <c>Sql</c>.</summary>
internal sealed class ClickHouseReader(Uri clickHouse, string user, string password, DateTimeOffset start) : IDisposable
{
    private const long NanosecondsPerTick = 100;

    private readonly HttpClient _http = new();

    /// <summary>Calls of this run that are stored.</summary>
    public async Task<long> CountCallsAsync(CancellationToken cancellation) => Number(await AskAsync("count_calls", cancellation));

    /// <summary>Calls of this run in the one-minute rollup, and those of the same first minute before it.</summary>
    public async Task<long> CountRollupAsync(CancellationToken cancellation) => Number(await AskAsync("count_rollup", cancellation));

    /// <summary>One row a model.</summary>
    public async Task<IReadOnlyList<ModelRow>> ByModelAsync(CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(await AskAsync("by_model", cancellation));
        string[] columns = [.. document.RootElement.GetProperty("meta").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];
        return [.. document.RootElement.GetProperty("data").EnumerateArray().Select(r => Row(columns, r))];
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static ModelRow Row(string[] columns, JsonElement row)
    {
        string? Text(string column)
        {
            JsonElement value = row[Array.IndexOf(columns, column)];
            return value.ValueKind == JsonValueKind.Null ? null : value.ToString();
        }

        long Whole(string column) => Number(Text(column) ?? "0");
        return new ModelRow(
            Text("model")!, Whole("calls"), Whole("errors"), Whole("input_tokens"), Whole("cached_tokens"), Whole("output_tokens"),
            Text("cost_usd") is { } cost ? decimal.Parse(cost, CultureInfo.InvariantCulture) : null,
            Whole("unpriced"), Text("ttft_p50_ms"), Text("ttft_p95_ms"), Text("tokens_per_second"));
    }

    private static long Number(string text) => long.Parse(text.AsSpan().Trim(), CultureInfo.InvariantCulture);

    private async Task<string> AskAsync(string query, CancellationToken cancellation)
    {
        long nanoseconds = (start - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
        var url = new Uri(clickHouse, string.Create(CultureInfo.InvariantCulture, $"/?database=telemetry&param_start={nanoseconds}&output_format_json_quote_decimals=1"));
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(Sql(query), Encoding.UTF8, "text/plain") };
        request.Headers.Add("X-ClickHouse-User", user);
        if (password.Length > 0)
        {
            request.Headers.Add("X-ClickHouse-Key", password);
        }

        using HttpResponseMessage answer = await _http.SendAsync(request, cancellation);
        string text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? text : throw new HttpRequestException($"ClickHouse at {clickHouse} refused {query}.sql: {text.Trim()}");
    }

    private static string Sql(string name)
    {
        using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Telemetry.Demo.Sql.{name}.sql")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}

/// <summary>What ClickHouse knows of one model in this run.</summary>
internal sealed record ModelRow(
    string Model, long Calls, long Errors, long InputTokens, long CachedTokens, long OutputTokens, decimal? CostUsd, long Unpriced, string? TtftP50, string? TtftP95, string? TokensPerSecond);
