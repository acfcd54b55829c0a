using System.Buffers.Binary;
using FASTER.core;
using Microsoft.Win32.SafeHandles;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// Where FasterLog notes how far a partition is committed. Two slots of one preallocated file are written in turn, each with a checksum,
/// so a torn write leaves the commit before it; the size never changes, so a full disk cannot stop it.
/// </summary>
/// <remarks>Slot: checksum u32, metadata length i32, commit number i64, begin address i64, until address i64, metadata.</remarks>
internal sealed class CommitFile : ILogCommitManager
{
    /// <summary>Name of the file in a partition's directory.</summary>
    public const string FileName = "commit";

    /// <summary>Where FasterLog puts the first record of a log.</summary>
    private const long FirstAddress = 64;

    private const int SlotBytes = 4096;
    private const int HeaderBytes = 32;
    private readonly LocalDisk _disk;
    private readonly SafeFileHandle _file;
    private readonly byte[] _slot = new byte[SlotBytes];

    public CommitFile(LocalDisk disk, string path)
    {
        _disk = disk;
        if (!File.Exists(path))
        {
            disk.ReplaceDurably(path, new byte[2 * SlotBytes]);
        }

        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>Why the last commit could not be written; FasterLog itself takes no notice of such a failure.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>First address of the log as last committed.</summary>
    public long BeginAddress { get; private set; }

    /// <summary>First and last address of a partition that is not open, by its last commit.</summary>
    public static (long Begin, long Until) ReadRange(LocalDisk disk, string path)
    {
        if (!File.Exists(path))
        {
            return (FirstAddress, FirstAddress);
        }

        using var file = new CommitFile(disk, path);
        long last = file.ListCommits().FirstOrDefault(-1);
        if (last < 0)
        {
            return (FirstAddress, FirstAddress);
        }

        byte[] slot = new byte[HeaderBytes];
        RandomAccess.Read(file._file, slot, SlotOffset(last));
        return (BinaryPrimitives.ReadInt64LittleEndian(slot.AsSpan(16)), BinaryPrimitives.ReadInt64LittleEndian(slot.AsSpan(24)));
    }

    /// <inheritdoc />
    public void Commit(long beginAddress, long untilAddress, byte[] commitMetadata, long proposedCommitNum, bool forceWriteMetadata)
    {
        try
        {
            if (commitMetadata.Length > SlotBytes - HeaderBytes)
            {
                throw new IOException($"commit metadata of {commitMetadata.Length} bytes does not fit into {SlotBytes - HeaderBytes}");
            }

            Array.Clear(_slot);
            BinaryPrimitives.WriteInt32LittleEndian(_slot.AsSpan(4), commitMetadata.Length);
            BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(8), proposedCommitNum);
            BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(16), beginAddress);
            BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(24), untilAddress);
            commitMetadata.CopyTo(_slot, HeaderBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(_slot, Crc32C.Of(_slot.AsSpan(4)));
            _disk.WriteDurably(_file, _slot, SlotOffset(proposedCommitNum));
            BeginAddress = beginAddress;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failure = e;
        }
    }

    /// <inheritdoc />
    public IEnumerable<long> ListCommits()
    {
        var commits = new List<long>(2);
        for (int slot = 0; slot < 2; slot++)
        {
            if (Read(slot, out long number, out _) is not null)
            {
                commits.Add(number);
            }
        }

        return commits.OrderDescending();
    }

    /// <inheritdoc />
    public byte[] GetCommitMetadata(long commitNum) =>
        Read((int)(commitNum & 1), out long number, out long begin) is { } metadata && number == commitNum
            ? Remember(metadata, begin)
            : throw new IOException($"commit {commitNum} is not in the commit file");

    /// <inheritdoc />
    public void RemoveCommit(long commitNum)
    {
        // The next commit but one overwrites the slot.
    }

    /// <inheritdoc />
    public void RemoveAllCommits() => _disk.WriteDurably(_file, new byte[2 * SlotBytes], 0);

    /// <inheritdoc />
    public void OnRecovery(long commitNum)
    {
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private static long SlotOffset(long commitNumber) => (commitNumber & 1) * SlotBytes;

    private byte[] Remember(byte[] metadata, long begin)
    {
        BeginAddress = begin;
        return metadata;
    }

    private byte[]? Read(int slot, out long number, out long begin)
    {
        byte[] bytes = new byte[SlotBytes];
        int read = RandomAccess.Read(_file, bytes, SlotOffset(slot));
        number = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
        begin = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16));
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4));
        bool valid = read == SlotBytes && length is > 0 and <= SlotBytes - HeaderBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Crc32C.Of(bytes.AsSpan(4));
        return valid ? bytes.AsSpan(HeaderBytes, length).ToArray() : null;
    }
}
