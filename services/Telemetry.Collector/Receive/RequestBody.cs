using System.Buffers;
using System.IO.Compression;

namespace Telemetry.Collector.Receive;

/// <summary>The bytes of one request in pooled memory, read and inflated within the limits and charged to the budget.</summary>
internal sealed class RequestBody(CollectorLimits limits, InFlightBudget budget) : IDisposable
{
    private const int FirstBuffer = 16 << 10;

    // What a client says that it will send is not what it sends: a few slow ones with large promises must not fill the budget.
    private const int LargestAdvance = 64 << 10;

    private byte[] _bytes = [];
    private int _start;
    private int _length;
    private long _charged;

    /// <summary>The body so far.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(_start, _length - _start);

    /// <summary>Drops bytes from the front, such as a frame header.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>Reads what the client sends to its end. Throws <see cref="RefusedException"/> over <paramref name="limit"/>, or when it takes too long.</summary>
    public async Task ReceiveAsync(Stream source, long? expected, int limit, string what, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limits.BodyTimeout);
        try
        {
            await ReadAsync(source, expected, limit, what, nameof(CollectorLimits.MaxBodyBytes), timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new RefusedException(new ExportOutcome(
                OutcomeKind.Unavailable, $"{what} did not arrive within {limits.BodyTimeout} (limit {nameof(CollectorLimits.BodyTimeout)})", RetryAfter: limits.RetryAfter));
        }
    }

    private async Task ReadAsync(Stream source, long? expected, int limit, string what, string limitName, CancellationToken cancellation)
    {
        if (expected > limit)
        {
            throw RefusedException.TooLarge(what, limit, limitName);
        }

        Grow((int)Math.Min(limit, Math.Clamp((expected ?? 0) + 1, FirstBuffer, LargestAdvance)));
        while (true)
        {
            if (_length == _bytes.Length)
            {
                Grow(_bytes.Length * 2L > limit + 1L ? limit + 1 : _bytes.Length * 2);
            }

            int read = await source.ReadAsync(_bytes.AsMemory(_length), cancellation);
            if (read == 0)
            {
                return;
            }

            _length += read;
            if (_length > limit)
            {
                throw RefusedException.TooLarge(what, limit, limitName);
            }
        }
    }

    /// <summary>Replaces the compressed bytes with the inflated ones. Throws <see cref="RefusedException"/> for a broken or too large stream.</summary>
    public async Task InflateAsync(string encoding, CancellationToken cancellation)
    {
        using var inflated = new RequestBody(limits, budget);
        await using Stream source = Inflater(encoding);
        try
        {
            await inflated.ReadAsync(
                source, null, limits.MaxDecompressedBytes, "the decompressed body", nameof(CollectorLimits.MaxDecompressedBytes), cancellation);
        }
        // The source is memory: an I/O error is what ZLibStream calls a preset dictionary.
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw RefusedException.Invalid($"Content-Encoding is {encoding}, but the body is not: {e.Message}");
        }

        (inflated._bytes, _bytes) = (_bytes, inflated._bytes);
        (inflated._charged, _charged) = (_charged, inflated._charged);
        (_start, _length) = (inflated._start, inflated._length);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        budget.Return(_charged);
        _charged = 0;
    }

    private Stream Inflater(string encoding)
    {
        var compressed = new MemoryStream(_bytes, _start, _length - _start, writable: false);

        // "deflate" means the zlib format (RFC 9110, 8.4.1.2), but some clients send the bare stream.
        ReadOnlySpan<byte> head = Bytes.Span;
        bool zlib = head.Length >= 2 && (head[0] & 0x0F) == 8 && ((head[0] << 8) | head[1]) % 31 == 0;
        return encoding == "gzip" ? new GZipStream(compressed, CompressionMode.Decompress)
            : zlib ? new ZLibStream(compressed, CompressionMode.Decompress)
            : new DeflateStream(compressed, CompressionMode.Decompress);
    }

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            budget.Take(larger.Length - _bytes.Length);
        }
        catch (RefusedException)
        {
            ArrayPool<byte>.Shared.Return(larger);
            throw;
        }

        _charged += larger.Length - _bytes.Length;
        _bytes.AsSpan(0, _length).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
