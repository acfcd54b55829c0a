using Telemetry.Collector.Admit;

namespace Telemetry.Collector.Publish;

/// <summary>The bytes that records are made of: the request's, and behind their end those that redaction wrote.</summary>
internal readonly ref struct SourceBytes(ReadOnlySpan<byte> request, ReadOnlySpan<byte> redacted)
{
    private readonly ReadOnlySpan<byte> _request = request;
    private readonly ReadOnlySpan<byte> _redacted = redacted;

    /// <summary>The bytes of a range, which lies in one of the two.</summary>
    public ReadOnlySpan<byte> Of(ByteRange range) =>
        range.Start < _request.Length || range.Length == 0 ? range.Of(_request) : _redacted.Slice(range.Start - _request.Length, range.Length);
}
