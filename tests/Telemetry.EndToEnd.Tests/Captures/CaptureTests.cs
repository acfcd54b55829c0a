using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Captures;

/// <summary>What real libraries sent, through the real endpoints, against the provider's own ledger: calls, tokens of each kind and cost are equal.</summary>
public sealed class CaptureTests
{
    private const string Sql =
        """
        SELECT trace_id, response_id, status, input_tokens, cached_tokens, output_tokens, reasoning_tokens, tokens_source, toString(cost_usd) AS cost, cost_basis,
            model_answered, model_requested, session_id, user_id, prompt_name, convention, stream, ttft_ms
        FROM llm_calls_now ORDER BY ts FORMAT JSONEachRow
        """;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_capture_gives_the_calls_tokens_and_costs_of_the_providers_ledger()
    {
        using var data = new TemporaryDirectory();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        var captures = Capture.All().ToList();
        Assert.InRange(captures.Count, 25, 1000);
        foreach (Capture capture in captures)
        {
            foreach ((string transport, string contentType, string? encoding, byte[] body) in capture.Requests())
            {
                await SendAsync(process, transport, contentType, encoding, body);
            }
        }

        int spans = captures.Sum(c => c.SpanCount);
        await process.AskUntilAsync("SELECT (SELECT count() FROM llm_calls WHERE sign > 0) + (SELECT count() FROM llm_spans)", spans.ToString(CultureInfo.InvariantCulture), Bound, _cancellation);
        List<JsonElement> rows = [.. (await process.AskAsync(Sql, _cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

        var wrong = new List<string>();
        foreach (Capture capture in captures)
        {
            List<JsonElement> own = [.. rows.Where(r => capture.Traces.Contains(Text(r, "trace_id")))];
            wrong.AddRange(Compare(capture, own).Select(w => $"{capture.Name}: {w}"));
        }

        Assert.Empty(wrong);
        string billed = await process.AskAsync("SELECT sum(calls), sum(input_tokens), sum(output_tokens) FROM llm_rollup_1h", _cancellation);
        Assert.Equal(await process.AskAsync("SELECT sum(sign), sum(sign * ifNull(input_tokens, 0)), sum(sign * ifNull(output_tokens, 0)) FROM llm_calls", _cancellation), billed);
    }

    private static IEnumerable<string> Compare(Capture capture, List<JsonElement> rows)
    {
        var served = capture.Ledger.Where(e => e.IsOk).ToList();
        var good = rows.Where(r => Text(r, "status") == "ok").ToList();
        if (capture.OnTheWire == "no usage to report")
        {
            return rows.Where(r => Number(r, "input_tokens") is not null || Text(r, "status") != "error").Select(r => $"should be an error without usage: {r}");
        }

        if (good.Count != served.Count)
        {
            return [$"{served.Count} calls were served, {good.Count} are billed"];
        }

        return served.Zip(good).SelectMany(pair => CompareCall(capture.OnTheWire, pair.First, pair.Second));
    }

    private static IEnumerable<string> CompareCall(string onTheWire, LedgerEntry entry, JsonElement row)
    {
        bool exact = onTheWire == "exact";
        bool totals = exact || onTheWire.StartsWith("totals exact", StringComparison.Ordinal);
        string source = onTheWire == "usage absent" ? "estimated" : "reported";
        var facts = new List<(string What, object? Expected, object? Found)>
        {
            ("tokens_source", source, Text(row, "tokens_source")),
            ("response_id", Text(row, "response_id").Length == 0 ? "" : entry.Id, Text(row, "response_id")),
        };
        if (totals)
        {
            facts.Add(("input", entry.Input, Number(row, "input_tokens")));
            facts.Add(("output", entry.Output, Number(row, "output_tokens")));
        }

        if (exact)
        {
            // Zero and not told are the same to the ledger where nothing was cached.
            facts.Add(("cached", entry.Cached, Number(row, "cached_tokens") ?? 0));
            facts.Add(("reasoning", entry.Reasoning, Number(row, "reasoning_tokens") ?? 0));
            facts.Add(("cost", entry.Cost, Money(row)));
        }
        else if (totals)
        {
            facts.Add(("cached", null, Number(row, "cached_tokens")));
            facts.Add(("cost", entry.UpperBound, Money(row)));
            facts.Add(("cost_basis", "upper_bound", Text(row, "cost_basis")));
        }
        else
        {
            facts.Add(("a cost", true, Money(row) > 0));
        }

        return facts.Where(f => !Equals(f.Expected, f.Found)).Select(f => $"{f.What} should be {f.Expected ?? "unknown"} and is {f.Found ?? "unknown"} for {entry}");
    }

    private static string Text(JsonElement row, string column) => row.GetProperty(column).GetString() ?? "";

    private static long? Number(JsonElement row, string column) => row.GetProperty(column) switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => long.Parse(text.GetString()!, CultureInfo.InvariantCulture),
        var number => number.GetInt64(),
    };

    private static decimal? Money(JsonElement row) => row.GetProperty("cost").GetString() is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) / 1.000000000000m : null;

    private async Task SendAsync(AllInOneProcess process, string transport, string contentType, string? encoding, byte[] body)
    {
        if (transport == "grpc")
        {
            await SendGrpcAsync(process.Grpc, body);
            return;
        }

        using var http = new HttpClient();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using HttpResponseMessage answer = await http.PostAsync(new Uri(process.Http, "/v1/traces"), content, _cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_cancellation));
    }

    private async Task SendGrpcAsync(Uri address, byte[] message)
    {
        byte[] framed = new byte[message.Length + 5];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var content = new ByteArrayContent(framed);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using HttpResponseMessage answer = await http.PostAsync(new Uri(address, "/opentelemetry.proto.collector.trace.v1.TraceService/Export"), content, _cancellation);
        await answer.Content.ReadAsByteArrayAsync(_cancellation);
        Assert.Equal("0", (answer.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? status) ? status : answer.Headers.GetValues("grpc-status")).Single());
    }
}
