using Microsoft.Win32.SafeHandles;
using Telemetry.SpanLog.Local;

namespace Telemetry.SpanLog.Tests.Local;

/// <summary>A disk that refuses writes while it is told to.</summary>
internal sealed class BadDisk : LocalDisk
{
    public const string Message = "No space left on device";

    private volatile bool _isBad;

    public bool IsBad
    {
        get => _isBad;
        set => _isBad = value;
    }

    public override void WriteDurably(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        if (_isBad)
        {
            throw new IOException(Message);
        }

        base.WriteDurably(file, bytes, offset);
    }
}
