using System.Runtime.InteropServices;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>A result, or one part of a streamed result, in the engine's memory until disposed.</summary>
internal sealed unsafe class EngineResult : IDisposable
{
    private nint _handle;

    /// <summary>Takes the handle over; an error in it is thrown, and the handle destroyed.</summary>
    internal EngineResult(nint handle)
    {
        _handle = handle;
        if (handle == 0)
        {
            throw EngineException.Create(1002, "UNKNOWN_EXCEPTION", "The engine gave no result");
        }

        if (Marshal.PtrToStringUTF8(LibChdb.ResultError(handle)) is { Length: > 0 } error)
        {
            Dispose();
            throw EngineException.FromText(error);
        }
    }

    internal nint Handle => _handle;

    internal long Length => (long)LibChdb.ResultLength(_handle);

    internal EngineCounters Counters => new(
        LibChdb.ResultRowsRead(_handle), LibChdb.ResultBytesRead(_handle), LibChdb.ResultRowsWritten(_handle), LibChdb.ResultBytesWritten(_handle), LibChdb.ResultElapsed(_handle));

    /// <summary>A part of the data; not valid after <see cref="Dispose"/>.</summary>
    internal ReadOnlySpan<byte> Data(long offset, int length) => new(LibChdb.ResultBuffer(_handle) + offset, length);

    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            LibChdb.DestroyResult(handle);
        }
    }
}

/// <summary>What a statement read and wrote, as <c>X-ClickHouse-Summary</c> reports it.</summary>
internal readonly record struct EngineCounters(ulong ReadRows, ulong ReadBytes, ulong WrittenRows, ulong WrittenBytes, double ElapsedSeconds);
