using System.IO.MemoryMappedFiles;

namespace Telemetry.Fuzz;

/// <summary>The input at hand in a file that outlives the process: what a crash of the runtime itself was caused by.</summary>
internal sealed class FuzzJournal : IDisposable
{
    private const int HeaderBytes = sizeof(int);

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public FuzzJournal(string path)
    {
        _path = path;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, HeaderBytes + Mutation.Draft.Longest);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The input in the journal of a run that died; null when it is no journal.</summary>
    public static byte[]? Read(string path)
    {
        byte[] bytes = path.EndsWith(".current", StringComparison.Ordinal) ? File.ReadAllBytes(path) : [];
        int length = bytes.Length == HeaderBytes + Mutation.Draft.Longest ? BitConverter.ToInt32(bytes) : -1;
        return length >= 0 && length <= Mutation.Draft.Longest ? bytes[HeaderBytes..(HeaderBytes + length)] : null;
    }

    /// <summary>Notes an input.</summary>
    public void Write(ReadOnlySpan<byte> input)
    {
        _view.Write(0, input.Length);
        _view.SafeMemoryMappedViewHandle.WriteSpan(HeaderBytes, input);
    }

    /// <summary>Ends in order: nothing is left.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
