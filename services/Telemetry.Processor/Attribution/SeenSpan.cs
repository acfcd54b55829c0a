using System.Globalization;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Attribution;

/// <summary>What became of a span.</summary>
internal enum SpanFate : byte
{
    /// <summary>Not decided yet: it is in the batch at hand.</summary>
    Open,

    /// <summary>It stands as a call in <c>llm_calls</c>.</summary>
    Billed,

    /// <summary>It stands in <c>llm_spans</c>; that is final.</summary>
    NotBilled,
}

/// <summary>What is remembered of a span, to tell its retries from it and to bill its trace once: about 150 bytes.</summary>
internal struct SeenSpan
{
    /// <summary>Trace id.</summary>
    public UInt128 Trace;

    /// <summary>Span id.</summary>
    public ulong Span;

    /// <summary>Parent span id; 0 for a root.</summary>
    public ulong Parent;

    /// <summary>Nanoseconds since 1970, as sent.</summary>
    public long Start;

    /// <summary>Nanoseconds since 1970, as sent.</summary>
    public long End;

    /// <summary>Hash of the response id; 0 when not reported.</summary>
    public ulong Response;

    /// <summary>Hash of the instrumentation scope: one instrumentation never reports a call twice.</summary>
    public ulong Scope;

    /// <summary>Hash of the requested model without its date; 0 when not reported.</summary>
    public ulong ModelRequested;

    /// <summary>Hash of the answered model without its date; 0 when not reported.</summary>
    public ulong ModelAnswered;

    /// <summary>Input tokens; -1 when not reported.</summary>
    public long Input;

    /// <summary>Output tokens; -1 when not reported.</summary>
    public long Output;

    /// <summary>What the span is to the bill by itself.</summary>
    public SpanRole Role;

    /// <summary>What became of it.</summary>
    public SpanFate Fate;

    /// <summary>How much it tells: of two reports of one call the one that tells more is kept.</summary>
    public byte Detail;

    /// <summary>Whether it ended in error.</summary>
    public bool IsError;

    /// <summary>Another report of the same call gave way to it, so it is that call and no wrapper of others.</summary>
    public bool IsConfirmedCall;

    /// <summary>Its place in the batch at hand; -1 when it came earlier.</summary>
    public int BatchIndex;

    /// <summary>Its place among the candidates of the trace at hand; -1 when it is none.</summary>
    public int Candidate;

    /// <summary>The batch in which its trace was last evaluated.</summary>
    public int Stamp;

    /// <summary>Next in the hash chain of span ids; -1 at the end.</summary>
    public int NextInSpanBucket;

    /// <summary>Next older in the hash chain of trace ids; -1 at the end.</summary>
    public int OlderInTraceBucket;

    /// <summary>Next newer in the hash chain of trace ids; -1 at the front.</summary>
    public int NewerInTraceBucket;

    /// <summary>Trace id in lower-case hex.</summary>
    public readonly string TraceHex => Trace.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Span id in lower-case hex.</summary>
    public readonly string SpanHex => Span.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Whether any tokens were reported.</summary>
    public readonly bool HasUsage => Input >= 0 || Output >= 0;
}
