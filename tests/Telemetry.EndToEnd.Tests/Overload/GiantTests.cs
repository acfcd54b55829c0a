using System.Globalization;
using System.Net;
using System.Text.Json;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Overload;

/// <summary>One trace, one request and one span far larger than others.</summary>
public sealed class GiantTests
{
    private const string Trace = "00000000000000000000000000000abc";
    private const int Chunk = 2000;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddMinutes(-1);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trace_of_twenty_thousand_spans_is_billed_span_by_span_and_holds_up_no_other()
    {
        const int Calls = 20_000;
        using var data = new TemporaryDirectory();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation, "SpanLog:Partitions=1");
        await SendAsync(process, HttpStatusCode.OK, OtlpJson.Span(Trace, Id(1), Start, "", "invoke_agent"));
        foreach (int[] chunk in Enumerable.Range(2, Calls).Chunk(Chunk))
        {
            await SendAsync(process, HttpStatusCode.OK, [.. chunk.Select(i => OtlpJson.Span(Trace, Id(i), Start.AddMilliseconds(i), Id(1)))]);
        }

        await SendAsync(process, HttpStatusCode.OK, OtlpJson.Span("00000000000000000000000000000def", Id(1), Start));

        // All in one partition: the small trace is behind the giant one.
        await process.AskUntilAsync("SELECT count() FROM llm_calls_now WHERE trace_id = '00000000000000000000000000000def'", "1", Bound, _cancellation);
        await process.AskUntilAsync($"SELECT count() FROM llm_calls_now WHERE trace_id = '{Trace}'", $"{Calls}", Bound, _cancellation);
        await process.AskUntilAsync("SELECT sum(calls) FROM llm_rollup_1d", $"{Calls + 1}", Bound, _cancellation);
        Assert.Equal(Id(1), await process.AskAsync($"SELECT span_id FROM llm_spans WHERE trace_id = '{Trace}'", _cancellation));
    }

    [Fact]
    public async Task A_span_over_the_limits_is_named_in_partial_success_and_one_at_the_limits_is_kept_whole()
    {
        const int Large = 500_000;
        using var data = new TemporaryDirectory();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);

        JsonElement answer = await SendAsync(
            process,
            HttpStatusCode.OK,
            OtlpJson.Span(Trace, Id(1), Start, content: Messages(Large)), OtlpJson.Span(Trace, Id(2), Start.AddSeconds(5), content: Messages(600_000)), OtlpJson.Span(Trace, Id(3), Start.AddSeconds(10)));

        JsonElement partial = answer.GetProperty("partialSuccess");
        Assert.Equal("1", partial.GetProperty("rejectedSpans").GetString());
        Assert.Contains("MaxAttributeBytes", partial.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        await process.AskUntilAsync("SELECT groupArray(span_id) FROM (SELECT span_id FROM llm_calls ORDER BY span_id)", $"['{Id(1)}','{Id(3)}']", Bound, _cancellation);
        await process.AskUntilAsync($"SELECT length(output_messages) > {Large} FROM llm_content WHERE span_id = '{Id(1)}'", "1", Bound, _cancellation);
    }

    [Fact]
    public async Task A_request_over_the_limits_is_refused_for_good()
    {
        using var data = new TemporaryDirectory();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation, "Collector:Limits:MaxItems=100", "Collector:Limits:MaxBodyBytes=1000000");

        await SendAsync(process, HttpStatusCode.BadRequest, [.. Enumerable.Range(1, 101).Select(i => OtlpJson.Span(Trace, Id(i), Start))]);
        await SendAsync(process, HttpStatusCode.RequestEntityTooLarge, [.. Enumerable.Range(1, 3).Select(i => OtlpJson.Span(Trace, Id(i), Start, content: Messages(400_000)))]);
        await SendAsync(process, HttpStatusCode.OK, OtlpJson.Span(Trace, Id(1), Start));
    }

    private static string Id(int number) => number.ToString("x16", CultureInfo.InvariantCulture);

    private static string Messages(int bytes) =>
        JsonSerializer.Serialize(new[] { new { role = "assistant", parts = new[] { new { type = "text", content = new string('a', bytes) } }, finish_reason = "stop" } });

    private async Task<JsonElement> SendAsync(AllInOneProcess process, HttpStatusCode expected, params object[] spans)
    {
        using HttpResponseMessage answer = await process.PostTracesAsync(OtlpJson.Request("giant", spans), _cancellation);
        string text = await answer.Content.ReadAsStringAsync(_cancellation);
        Assert.True(answer.StatusCode == expected, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
