namespace Telemetry.Collector.Admit;

/// <summary>A span or log record that goes into the log: where its bytes are, and into which partition it belongs.</summary>
/// <param name="Scope">Index of its scope in <see cref="Admission.Scopes"/>.</param>
/// <param name="Start">Offset of its bytes in the request; offsets behind its end are in what redaction wrote.</param>
/// <param name="Length">Number of its bytes.</param>
/// <param name="Partition">Target partition.</param>
internal readonly record struct AdmittedItem(int Scope, int Start, int Length, int Partition);

/// <summary>One ScopeSpans or ScopeLogs of a request, and the resource that it stands under, as ranges of the request's bytes.</summary>
/// <param name="Resource">Fields 1 (resource) of the group, as a range over the whole field with tag; empty when absent.</param>
/// <param name="ResourceSchemaUrl">Field 3 of the resource group with tag; empty when absent.</param>
/// <param name="Scope">Field 1 (scope) with tag; empty when absent.</param>
/// <param name="ScopeSchemaUrl">Field 3 of the scope group with tag; empty when absent.</param>
/// <param name="ResourceIndex">Number of the resource group, so that neighbours can share one.</param>
internal readonly record struct AdmittedScope(ByteRange Resource, ByteRange ResourceSchemaUrl, ByteRange Scope, ByteRange ScopeSchemaUrl, int ResourceIndex);

/// <summary>A range of the request's bytes; one behind their end is in what redaction wrote.</summary>
internal readonly record struct ByteRange(int Start, int Length)
{
    /// <summary>The bytes of the range.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> request) => request.Slice(Start, Length);
}
