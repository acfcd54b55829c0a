using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Time;

/// <summary>
/// Start, duration, time to first token and speed. Whatever cannot be true is left out and flagged, never clamped.
/// </summary>
internal sealed class TimeStage(TimeProvider time) : IStage
{
    private const double NanosecondsPerMillisecond = 1e6;
    private const double MillisecondsPerSecond = 1000;
    private const long NanosecondsPerTick = 100;
    private const long FurthestAhead = 3_600_000_000_000;

    // 2000-01-01 to 2200-01-01: outside, the clock is not a clock. The column holds 1900 to 2262.
    private const ulong Earliest = 946_684_800_000_000_000;
    private const ulong Latest = 7_258_118_400_000_000_000;

    /// <inheritdoc />
    public void Process(ReadOnlySpan<SpanItem> items)
    {
        long now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
        foreach (SpanItem item in items)
        {
            ReadClock(item.Span, item.Call, now);
            if (item.IsCall || item.Call.Role == SpanRole.ServerCall)
            {
                ReadFirstToken(item.Call);
                ReadSpeed(item.Call);
            }
        }
    }

    private static void ReadClock(DecodedSpan span, LlmCall call, long now)
    {
        if (span.Start is < Earliest or > Latest)
        {
            call.StartNanoseconds = now;
            call.Flags.Add(Flags.InvalidStart);
            return;
        }

        call.StartNanoseconds = (long)span.Start;
        if (call.StartNanoseconds - now > FurthestAhead)
        {
            call.Flag(Flags.StartInFuture);
        }

        if (span.End >= span.Start)
        {
            call.DurationMilliseconds = (span.End - span.Start) / NanosecondsPerMillisecond;
        }
        else
        {
            call.Flags.Add(Flags.EndBeforeStart);
        }
    }

    private static void ReadFirstToken(LlmCall call)
    {
        if (call.ReportedTtftMilliseconds is not { } ttft)
        {
            return;
        }

        if (ttft >= 0 && ttft <= (call.DurationMilliseconds ?? double.MaxValue))
        {
            call.TtftMilliseconds = ttft;
        }
        else
        {
            call.Flags.Add(Flags.ImpossibleTtft);
        }
    }

    private static void ReadSpeed(LlmCall call)
    {
        if (call.DurationMilliseconds is not ({ } duration and > 0) || call.Usage.Output is not ({ } output and > 0) || call.IsError)
        {
            return;
        }

        call.TokensPerSecondTotal = output * MillisecondsPerSecond / duration;
        if (call.TtftMilliseconds is not { } ttft || duration <= ttft)
        {
            return;
        }

        double generating = duration - ttft;
        call.TokensPerSecond = output * MillisecondsPerSecond / generating;
        if (output > 1)
        {
            // The first token is there when the generation time starts.
            call.MillisecondsPerOutputToken = generating / (output - 1);
        }
    }
}
