namespace Telemetry.ClickHouse.Embedded.Compression;

/// <summary>Reads the plain data of ClickHouse's compressed frames from a stream.</summary>
internal sealed class CompressedFrameReadStream(Stream source) : Stream
{
    private const int FirstBytes = 16 << 10;

    private ReadOnlyMemory<byte> _plain;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_plain.IsEmpty)
        {
            byte[]? frame = await ReadFrameAsync(cancellationToken);
            if (frame is null)
            {
                return 0;
            }

            _plain = CompressedFrames.Unpack(frame);
        }

        int length = Math.Min(buffer.Length, _plain.Length);
        _plain[..length].CopyTo(buffer);
        _plain = _plain[length..];
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task<byte[]?> ReadFrameAsync(CancellationToken cancellationToken)
    {
        const int headLength = CompressedFrames.ChecksumSize + CompressedFrames.HeaderSize;
        byte[] head = new byte[headLength];
        int read = await source.ReadAtLeastAsync(head, headLength, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        if (read < headLength)
        {
            throw new InvalidDataException("A compressed frame breaks off.");
        }

        (int compressed, _) = CompressedFrames.Sizes(head);
        int whole = headLength + compressed;
        byte[] frame = new byte[Math.Min(whole, FirstBytes)];
        head.CopyTo(frame, 0);
        int length = headLength;
        while (true)
        {
            await source.ReadExactlyAsync(frame.AsMemory(length..), cancellationToken);
            length = frame.Length;
            if (length == whole)
            {
                return frame;
            }

            // A size is only a claim: memory follows what has really come.
            Array.Resize(ref frame, (int)Math.Min(whole, length * 2L));
        }
    }
}
