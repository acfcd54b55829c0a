namespace Telemetry.LoadGenerator.Payload;

/// <summary>An attribute of a template.</summary>
/// <param name="Key">Key.</param>
/// <param name="Value">A string (which may hold <see cref="Slots"/>), long, double, bool, string[], <see cref="Slots.InputTokens"/> or <see cref="Slots.OutputTokens"/>.</param>
internal readonly record struct SpanAttribute(string Key, object Value);

/// <summary>What a dialect says of one span: all but ids, parent and times.</summary>
/// <param name="Name">Span name.</param>
/// <param name="Kind">OTLP span kind.</param>
/// <param name="Attributes">Attributes.</param>
internal sealed record SpanText(string Name, int Kind, IReadOnlyList<SpanAttribute> Attributes);

/// <summary>One span of a request's template.</summary>
/// <param name="Text">What the dialect says.</param>
/// <param name="Trace">Index of its trace in the request.</param>
/// <param name="Parent">Index in the request of its parent; -1 for a root.</param>
/// <param name="Start">Nanoseconds after the request's time, negative.</param>
/// <param name="End">Nanoseconds after the request's time, not positive.</param>
internal sealed record SpanShape(SpanText Text, int Trace, int Parent, long Start, long End);

/// <summary>One request's template before it is encoded.</summary>
/// <param name="Resource">Resource attributes.</param>
/// <param name="ScopeName">Instrumentation scope.</param>
/// <param name="ScopeVersion">Its version.</param>
/// <param name="Spans">Spans, traces one after the other.</param>
/// <param name="Traces">Number of traces.</param>
/// <param name="Calls">Number of billable calls.</param>
internal sealed record RequestShape(
    IReadOnlyList<SpanAttribute> Resource, string ScopeName, string ScopeVersion, IReadOnlyList<SpanShape> Spans, int Traces, int Calls);
