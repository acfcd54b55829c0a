using System.Text.Json.Nodes;
using Google.Protobuf;
using Telemetry.Contracts.Spans;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Tests.Dialects.Mixed;

/// <summary>Payloads of real libraries (see the Captures of the Collector's tests) against what the provider served.</summary>
public sealed class CaptureTests
{
    // Cached and reasoning are null where the library does not report them.
    public static TheoryData<string, int, long?, long?, long?, long?> Served { get; } = new()
    {
        { "aisdk/generate", 1, 37, 0, 12, 0 },
        { "aisdk/retry_429", 2, 30, 0, 10, 0 },
        { "aisdk/stream", 1, 41, 0, 18, 0 },
        { "aisdk/tools_steps", 2, 160, 0, 40, 0 },
        { "aisdk/error_500", 2, null, null, null, null },
        { "openinference/cached_reasoning", 1, 2048, 1536, 640, 512 },
        { "openinference/chat", 1, 37, 0, 12, 0 },
        { "openinference/chat_stream", 1, null, null, null, null },
        { "openinference/responses", 1, 50, 10, 14, 0 },
        { "openinference/retry_429", 1, 30, 0, 10, 0 },
        { "openinference/tools", 2, 160, 0, 40, 0 },
        { "openinference/wrapped", 2, 77, 0, 22, 0 },
        { "openllmetry/cached_reasoning", 1, 2048, null, 640, null },
        { "openllmetry/chat", 1, 37, null, 12, null },
        { "openllmetry/chat_stream", 1, 22, null, 22, null },
        { "openllmetry/tools", 2, 160, null, 40, null },
        { "openllmetry/wrapped", 2, 77, null, 22, null },
        { "otelgenai/cached_reasoning", 1, 2048, null, 640, null },
        { "otelgenai/chat", 1, 37, null, 12, null },
        { "otelgenai/chat_stream", 1, 41, null, 18, null },
        { "otelgenai/error_500", 1, null, null, null, null },
        { "otelgenai/responses", 1, 50, null, 14, null },
        { "otelgenai/retry_429", 1, 30, null, 10, null },
        { "otelgenai/tools", 2, 160, null, 40, null },
        { "otelgenai/wrapped", 2, 77, null, 22, null },
    };

    [Theory]
    [MemberData(nameof(Served))]
    public void The_calls_of_a_trace_are_those_that_the_provider_served(string capture, int calls, long? input, long? cached, long? output, long? reasoning)
    {
        SpanItem[] found = [.. new Reading().Read(Load(capture)).Where(i => i.Call.Role == SpanRole.Call)];

        Assert.Equal(calls, found.Length);
        Assert.Equal(
            (input, cached, output, reasoning),
            (Sum(found, u => u.Input), Sum(found, u => u.CacheRead), Sum(found, u => u.Output), Sum(found, u => u.Reasoning)));
        Assert.All(found, i => Assert.Equal("openai", i.Call.Provider));
        Assert.All(found, i => Assert.NotEmpty(i.Call.ModelRequested));
        Assert.All(found, i => Assert.Equal("chat", i.Call.Operation));
        Assert.All(found, i => Assert.DoesNotContain("inconsistent_usage", i.Call.Flags));

        // The Responses API has a status and no reason, and OpenInference tells what it has.
        bool hasReason = capture != "openinference/responses";
        Assert.All(found.Where(i => i.Call.Usage.Output > 0), i => Assert.Equal(hasReason ? 1 : 0, i.Call.FinishReasons.Count));
        Assert.All(found.Where(i => i.Call.Usage.Output > 0), i => Assert.False(i.Call.ResponseId.IsEmpty));
        Assert.All(found.Where(i => i.Call.Usage.Output > 0), i => Assert.NotEmpty(i.Call.ModelAnswered));
    }

    private static long? Sum(SpanItem[] calls, Func<TokenUsage, long?> count) => calls.Select(c => count(c.Call.Usage)).Aggregate((long?)null, (sum, n) => n is null ? sum : (sum ?? 0) + n);

    private static byte[] Load(string capture)
    {
        string folder = Path.Combine([AppContext.BaseDirectory, "Captures", .. capture.Split('/')]);
        string file = Directory.GetFiles(folder, "traces-1.*").Single(f => f.EndsWith(".bin", StringComparison.Ordinal) || f.EndsWith("traces-1.json", StringComparison.Ordinal));
        if (file.EndsWith(".bin", StringComparison.Ordinal))
        {
            return File.ReadAllBytes(file);
        }

        // OTLP's JSON has ids in hex, protobuf's in base64.
        JsonNode body = JsonNode.Parse(File.ReadAllText(file))!;
        foreach (JsonNode? span in body["resourceSpans"]!.AsArray().SelectMany(r => r!["scopeSpans"]!.AsArray()).SelectMany(s => s!["spans"]!.AsArray()))
        {
            foreach (string id in (string[])["traceId", "spanId", "parentSpanId"])
            {
                if (span![id]?.GetValue<string>() is { } hex)
                {
                    span[id] = Convert.ToBase64String(Convert.FromHexString(hex));
                }
            }
        }

        return new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse<TracesData>(body.ToJsonString()).ToByteArray();
    }
}
