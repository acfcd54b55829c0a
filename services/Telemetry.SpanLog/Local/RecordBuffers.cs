using System.Buffers;

namespace Telemetry.SpanLog.Local;

/// <summary>Pooled buffers for the values that a lane has handed out; all go back at once.</summary>
internal sealed class RecordBuffers : IDisposable
{
    private const int ChunkBytes = 256 * 1024;
    private readonly List<byte[]> _chunks = [];
    private int _used;

    /// <summary>Copies the bytes into a pooled buffer, valid until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < bytes.Length)
        {
            _chunks.Add(ArrayPool<byte>.Shared.Rent(Math.Max(ChunkBytes, bytes.Length)));
            _used = 0;
        }

        Memory<byte> target = _chunks[^1].AsMemory(_used, bytes.Length);
        bytes.CopyTo(target.Span);
        _used += bytes.Length;
        return target;
    }

    /// <summary>Gives every buffer back to the pool.</summary>
    public void Release()
    {
        foreach (byte[] chunk in _chunks)
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        _chunks.Clear();
        _used = 0;
    }

    /// <inheritdoc />
    public void Dispose() => Release();
}
