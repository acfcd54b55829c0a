using System.Text.Json;
using System.Text.Json.Serialization;
using Telemetry.LoadGenerator.Measure;
using Telemetry.LoadGenerator.Verify;

namespace Telemetry.LoadGenerator.Report;

/// <summary>What was sent.</summary>
/// <param name="Dialect">Dialect.</param>
/// <param name="Protocol">Protocol and encoding.</param>
/// <param name="Gzip">Compressed.</param>
/// <param name="SpansPerRequest">Spans of a request.</param>
/// <param name="CallsPerRequest">Billable calls among them.</param>
/// <param name="SpansPerTrace">Spans of a trace.</param>
/// <param name="PromptBytes">Bytes of a call's prompt.</param>
/// <param name="BytesPerRequest">Bytes of a request on average, uncompressed.</param>
/// <param name="BytesPerSpan">Bytes of a span on average, uncompressed, with its share of the resource.</param>
/// <param name="Services">Distinct services.</param>
/// <param name="Models">Distinct models.</param>
/// <param name="Prompts">Distinct prompts.</param>
internal sealed record PayloadReport(
    string Dialect, string Protocol, bool Gzip, int SpansPerRequest, int CallsPerRequest, int SpansPerTrace, int PromptBytes, int BytesPerRequest, double BytesPerSpan,
    int Services, int Models, int Prompts);

/// <summary>One phase.</summary>
internal sealed record PhaseReport
{
    /// <summary>saturate or paced.</summary>
    public required string Name { get; init; }

    /// <summary>Spans a second that were to be sent; null when saturating.</summary>
    public double? OfferedSpansPerSecond { get; init; }

    /// <summary>Acknowledged spans.</summary>
    public required long Spans { get; init; }

    /// <summary>Acknowledged requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Refused requests.</summary>
    public required long Refused { get; init; }

    /// <summary>Requests without an answer.</summary>
    public required long Failed { get; init; }

    /// <summary>Refusals and failures by reason.</summary>
    public required IReadOnlyDictionary<string, long> Troubles { get; init; }

    /// <summary>From the first request to the last answer.</summary>
    public required double SendSeconds { get; init; }

    /// <summary>From the last answer until everything acknowledged is visible in ClickHouse; null without ClickHouse or when it never was.</summary>
    public double? DrainSeconds { get; init; }

    /// <summary>Bytes of acknowledged requests as sent.</summary>
    public required long Bytes { get; init; }

    /// <summary>What each process used until the end of the drain.</summary>
    public required IReadOnlyList<TargetUsage> Targets { get; init; }

    /// <summary>CPU seconds of this generator.</summary>
    public required double GeneratorCpuSeconds { get; init; }

    /// <summary>Busy CPU seconds of the whole machine: with the above it tells whether others were at work too.</summary>
    public required double MachineCpuSeconds { get; init; }

    /// <summary>Answer times in milliseconds; in paced phases from when a request was due.</summary>
    public required Quantiles LatencyMs { get; init; }

    /// <summary>The same as a histogram.</summary>
    public required IReadOnlyList<LatencyBucket> LatencyHistogram { get; init; }

    /// <summary>How late the generator was, in milliseconds; part of the answer times of paced phases.</summary>
    public Quantiles? LatenessMs { get; init; }

    /// <summary>From acknowledgement to visible in <c>llm_rollup_1m</c>, in milliseconds.</summary>
    public Quantiles? FreshnessMs { get; init; }

    /// <summary>Marker calls that never became visible.</summary>
    public int FreshnessUnseen { get; init; }

    /// <summary>Acknowledged spans a second.</summary>
    public double AcceptedSpansPerSecond => Spans / SendSeconds;

    /// <summary>Spans a second that went the whole way, drain included; null without ClickHouse.</summary>
    public double? StoredSpansPerSecond => DrainSeconds is { } drain ? Spans / (SendSeconds + drain) : null;

    /// <summary>Acknowledged spans for each CPU second of the targets.</summary>
    public double SpansPerCpuSecond => Targets.Sum(t => t.CpuSeconds) is > 0 and var seconds ? Spans / seconds : 0;

    /// <summary>Acknowledged spans for each CPU second of this generator.</summary>
    public double GeneratorSpansPerCpuSecond => GeneratorCpuSeconds > 0 ? Spans / GeneratorCpuSeconds : 0;
}

/// <summary>A run.</summary>
internal sealed record RunReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>Name of the run, part of its service names.</summary>
    public required string Run { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>What was loaded.</summary>
    public required string Target { get; init; }

    /// <summary>What was sent.</summary>
    public required PayloadReport Payload { get; init; }

    /// <summary>Phases.</summary>
    public required IReadOnlyList<PhaseReport> Phases { get; init; }

    /// <summary>Whether what was acknowledged is there, once; null when there is nowhere to look.</summary>
    public VerificationResult? Verification { get; init; }

    /// <summary>Nothing lost, nothing double, as far as that could be looked at.</summary>
    public bool IsRight => Verification?.IsRight != false && Phases.All(p => p.FreshnessUnseen == 0);

    /// <summary>For machines.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
