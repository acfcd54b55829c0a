using System.Collections.Concurrent;
using FASTER.core;
using Microsoft.Win32.SafeHandles;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// FasterLog's storage: segment files <c>segment.N</c> of fixed size. A write is answered only after fsync, from one thread of its own
/// (made on the first write), so that a slow disk holds up no thread of the pool. Reads are answered on the calling thread.
/// </summary>
internal sealed unsafe class SegmentDevice : StorageDeviceBase
{
    private const uint SectorBytes = 512;
    private const uint FailedWrite = 5;
    private readonly LocalDisk _disk;
    private readonly string _directory;
    private readonly ConcurrentDictionary<int, SafeFileHandle> _files = new();
    private readonly BlockingCollection<Write> _writes = [];
    private readonly Lock _gate = new();
    private Thread? _writer;
    private bool _disposed;

    public SegmentDevice(LocalDisk disk, string directory)
        : base(Path.Combine(directory, "segment"), SectorBytes, Devices.CAPACITY_UNSPECIFIED)
    {
        _disk = disk;
        _directory = directory;
    }

    /// <summary>The error behind the last failed write; FasterLog passes on only a number.</summary>
    public Exception? LastError { get; private set; }

    /// <inheritdoc />
    public override void WriteAsync(
        IntPtr sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite, DeviceIOCompletionCallback callback, object context)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                if (_writer is null)
                {
                    _writer = new Thread(WriteAll) { IsBackground = true, Name = "span-log-write" };
                    _writer.Start();
                }

                _writes.Add(new Write(sourceAddress, segmentId, (long)destinationAddress, numBytesToWrite, callback, context));
                return;
            }
        }

        callback(FailedWrite, 0, context);
    }

    /// <inheritdoc />
    public override void ReadAsync(
        int segmentId, ulong sourceAddress, IntPtr destinationAddress, uint readLength, DeviceIOCompletionCallback callback, object context)
    {
        var target = new Span<byte>((void*)destinationAddress, (int)readLength);
        uint error = 0;
        try
        {
            int done = 0;
            if (File.Exists(SegmentPath(segmentId)))
            {
                SafeFileHandle file = Open(segmentId);
                int read;
                while (done < target.Length && (read = RandomAccess.Read(file, target[done..], (long)sourceAddress + done)) > 0)
                {
                    done += read;
                }
            }

            // A page may reach beyond what was written; FasterLog takes zeros for "nothing here".
            target[done..].Clear();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            LastError = e;
            error = FailedWrite;
        }

        callback(error, readLength, context);
    }

    /// <summary>Does nothing: a segment may go only after the commit that no longer needs it is durable, see <see cref="DeleteBelow"/>.</summary>
    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) => callback(result);

    /// <summary>Deletes the segment files that lie wholly below the address.</summary>
    public void DeleteBelow(long address, int segmentBits)
    {
        long first = address >> segmentBits;
        foreach (string path in Directory.EnumerateFiles(_directory, "segment.*"))
        {
            if (int.TryParse(Path.GetExtension(path.AsSpan())[1..], out int segment) && segment < first)
            {
                if (_files.TryRemove(segment, out SafeFileHandle? file))
                {
                    file.Dispose();
                }

                File.Delete(path);
            }
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _writes.CompleteAdding();
        }

        _writer?.Join();
        foreach (SafeFileHandle file in _files.Values)
        {
            file.Dispose();
        }

        _writes.Dispose();
    }

    private string SegmentPath(int segment) => $"{FileName}.{segment}";

    private void WriteAll()
    {
        foreach (Write write in _writes.GetConsumingEnumerable())
        {
            uint error = 0;
            try
            {
                _disk.WriteDurably(Open(write.Segment), new ReadOnlySpan<byte>((void*)write.Source, (int)write.Length), write.Offset);
            }
#pragma warning disable CA1031 // Whatever went wrong, FasterLog must get an answer, or it waits for ever.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LastError = e;
                error = FailedWrite;
            }

            write.Callback(error, error == 0 ? write.Length : 0, write.Context);
        }
    }

    private SafeFileHandle Open(int segment)
    {
        if (_files.TryGetValue(segment, out SafeFileHandle? file))
        {
            return file;
        }

        lock (_files)
        {
            if (_files.TryGetValue(segment, out file))
            {
                return file;
            }

            string path = SegmentPath(segment);
            bool created = !File.Exists(path);
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (created)
            {
                LocalDisk.SyncDirectory(_directory);
            }

            _files[segment] = file;
            return file;
        }
    }

    private readonly record struct Write(
        IntPtr Source, int Segment, long Offset, uint Length, DeviceIOCompletionCallback Callback, object Context);
}
