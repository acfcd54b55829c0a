using FASTER.core;

namespace Telemetry.SpanLog.Local;

/// <summary>One opened FasterLog with its files. After a failed write it is thrown away and opened anew from the last durable commit.</summary>
internal sealed class PartitionFiles : IDisposable
{
    private readonly int _segmentBits;

    private PartitionFiles(FasterLog log, SegmentDevice device, CommitFile commits, int segmentBits)
    {
        Log = log;
        Device = device;
        Commits = commits;
        _segmentBits = segmentBits;
    }

    public FasterLog Log { get; }

    public SegmentDevice Device { get; }

    public CommitFile Commits { get; }

    /// <summary>Why the last write or commit failed, for people.</summary>
    public Exception? LastError => Commits.Failure ?? Device.LastError;

    public static PartitionFiles Open(LocalDisk disk, string directory, TopicLayout layout)
    {
        LocalDisk.CreateDirectoryDurably(directory);
        var commits = new CommitFile(disk, Path.Combine(directory, CommitFile.FileName));
        var device = new SegmentDevice(disk, directory);
        try
        {
            var log = new FasterLog(new FasterLogSettings
            {
                LogDevice = device,
                LogCommitManager = commits,
                PageSizeBits = layout.PageBits,
                MemorySizeBits = layout.PageBits + 2,
                SegmentSizeBits = layout.SegmentBits,
                LogChecksum = LogChecksumType.PerEntry,
                RemoveOutdatedCommits = false,
                TryRecoverLatest = true,
            });
            return new PartitionFiles(log, device, commits, layout.SegmentBits);
        }
        catch
        {
            device.Dispose();
            commits.Dispose();
            throw;
        }
    }

    /// <summary>Commits everything enqueued so far and returns when it is durable; throws when it is not.</summary>
    public async Task CommitAsync()
    {
        await Log.CommitAsync();
        if (Commits.Failure is { } failure)
        {
            throw new IOException(failure.Message, failure);
        }

        Device.DeleteBelow(Commits.BeginAddress, _segmentBits);
    }

    public void Dispose()
    {
        Log.Dispose();
        Device.Dispose();
        Commits.Dispose();
    }
}
