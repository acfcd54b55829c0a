using Google.Protobuf;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Redact;
using Telemetry.Otlp;

namespace Telemetry.Collector.Tests.Redact;

/// <summary>Takes requests through admission, redaction and the record builder.</summary>
internal static class Redacted
{
    private static readonly byte[] Key = "a key for the tests"u8.ToArray();

    public static RedactPolicy Policy(string text)
    {
        Assert.True(RedactPolicy.TryParse(text, out RedactPolicy? policy, out string problem), problem);
        return policy!;
    }

    /// <summary>The records of a request; without a policy nothing is redacted.</summary>
    public static byte[][] Records(byte[] request, string? policy, Signal signal = Signal.Traces, int partitions = 1)
    {
        var admission = new Admission(new CollectorLimits { MaxResourceBytes = 1 << 20 }, keepAll: true, partitions);
        Assert.True(admission.TryRead(signal, request), admission.Malformed);
        using var builder = new RecordBuilder();
        using var redactor = new Redactor(Key);
        if (new RedactPolicies(new RedactOptions { Default = policy ?? "off" }).Of("default") is { } found)
        {
            redactor.Redact(admission, signal, request, found);
        }

        return [.. builder.Build(admission, request, partitions, 1 << 24, redactor.Written).ToArray().Select(r => r.Value.ToArray())];
    }

    public static TracesData Traces(TracesData data, string policy) => TracesData.Parser.ParseFrom(Assert.Single(Records(data.ToByteArray(), policy)));

    public static LogsData Logs(LogsData data, string policy) => LogsData.Parser.ParseFrom(Assert.Single(Records(data.ToByteArray(), policy, Signal.Logs)));

    /// <summary>The value of one attribute of the only span after redaction; null when it is gone.</summary>
    public static string? Attribute(string key, string value, string policy)
    {
        TracesData data = Traces(Support.Payloads.Request(Support.Payloads.Span(1, 1, ("gen_ai.operation.name", "chat"), (key, value))), policy);
        return data.ResourceSpans[0].ScopeSpans[0].Spans[0].Attributes.FirstOrDefault(a => a.Key == key)?.Value.StringValue;
    }
}
