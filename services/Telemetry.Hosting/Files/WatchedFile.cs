using Microsoft.Extensions.Logging;

namespace Telemetry.Hosting.Files;

/// <summary>What some files say, read again when they change. Wrong files keep the last good content and say so.</summary>
/// <remarks>Changes are found by times and sizes, not by file system events, which do not arrive from network and bind mounts; links are followed.</remarks>
public sealed partial class WatchedFile<T> : IDisposable
    where T : class
{
    private readonly string _what;
    private readonly IReadOnlyList<string> _paths;
    private readonly Func<T> _read;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private string _readStamp;
    private string _lastStamp;
    private int _looking;
    private volatile T _current;
    private volatile string? _problem;

    /// <summary>Reads the files, so that a process never starts without them, and looks at them from then on. Throws what <paramref name="read"/> throws.</summary>
    /// <param name="what">What they are, for the log.</param>
    /// <param name="paths">The files.</param>
    /// <param name="read">Reads them.</param>
    /// <param name="every">Time between two looks; a change is taken when it has stood still from one to the next.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="time">Clock.</param>
    public WatchedFile(string what, IReadOnlyList<string> paths, Func<T> read, TimeSpan every, ILogger logger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(time);
        _what = what;
        _paths = paths;
        _read = read;
        _logger = logger;
        _readStamp = _lastStamp = Stamp();
        _current = read();
        _timer = time.CreateTimer(_ => Look(), null, every, every);
    }

    /// <summary>What they say.</summary>
    public T Current => _current;

    /// <summary>Why the last change was not taken; null when all is well.</summary>
    public string? Problem => _problem;

    /// <summary>Looks for changes now; never throws for what the files are like.</summary>
    public void Look()
    {
        if (Interlocked.Exchange(ref _looking, 1) == 1)
        {
            return;
        }

        try
        {
            string stamp = Stamp();
            bool stoodStill = stamp == _lastStamp;
            _lastStamp = stamp;
            if (stoodStill && stamp != _readStamp)
            {
                _readStamp = stamp;
                _current = _read();
                _problem = null;
                LogTaken(_what);
            }
        }
#pragma warning disable CA1031 // Whatever is wrong with the files, what was read before stays in use.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _problem = e.Message;
            LogRefused(_what, e.Message);
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private string Stamp() => string.Join('|', _paths.Select(StampOf));

    private static string StampOf(string path)
    {
        var file = new FileInfo(path);
        FileSystemInfo target = file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true) ?? file : file;
        return target is FileInfo { Exists: true } f ? $"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks} {f.CreationTimeUtc.Ticks}" : "missing";
    }

    [LoggerMessage(LogLevel.Information, "changed {What} taken")]
    private partial void LogTaken(string what);

    [LoggerMessage(LogLevel.Error, "the changed {What} are not taken, the last good ones stay: {Reason}")]
    private partial void LogRefused(string what, string reason);
}
