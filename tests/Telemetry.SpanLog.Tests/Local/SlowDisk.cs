using Microsoft.Win32.SafeHandles;
using Telemetry.SpanLog.Local;

namespace Telemetry.SpanLog.Tests.Local;

/// <summary>A disk whose writes wait until they are let through.</summary>
internal sealed class SlowDisk : LocalDisk, IDisposable
{
    private readonly ManualResetEventSlim _open = new(true);
    private int _waiting;
    private int _writes;

    /// <summary>Writes that are waiting now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Writes that were let through.</summary>
    public int Writes => Volatile.Read(ref _writes);

    public void Stall() => _open.Reset();

    public void GoOn() => _open.Set();

    public void Dispose() => _open.Dispose();

    public override void WriteDurably(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        Interlocked.Increment(ref _waiting);
        _open.Wait();
        Interlocked.Decrement(ref _waiting);
        Interlocked.Increment(ref _writes);
        base.WriteDurably(file, bytes, offset);
    }
}
