using Microsoft.Extensions.Logging;

namespace Telemetry.Hosting.Yaml;

/// <summary>What a set of files says, read again when they change. Wrong files keep the last good content and say so.</summary>
/// <remarks>
/// Changes are found by names, sizes and times of the files, not by file system events, which do not arrive from network and bind mounts. A change is read
/// once it has stood still from one look to the next.
/// </remarks>
public sealed partial class WatchedFiles<T>
    where T : class
{
    private readonly string _what;
    private readonly Func<string> _stamp;
    private readonly Func<T> _read;
    private readonly ILogger _logger;
    private string _readStamp;
    private string _lastStamp;
    private volatile T _current;
    private volatile string? _problem;

    /// <summary>Reads the files, so that a process never starts without them.</summary>
    /// <exception cref="RuleFileException">Something is wrong in them.</exception>
    /// <exception cref="IOException">One is missing or cannot be read.</exception>
    public WatchedFiles(string what, Func<string> stamp, Func<T> read, ILogger logger)
    {
        _what = what;
        _stamp = stamp;
        _read = read;
        _logger = logger;
        _readStamp = _lastStamp = stamp();
        _current = read();
    }

    /// <summary>What they say.</summary>
    public T Current => _current;

    /// <summary>Why the last change was not taken; null when all is well.</summary>
    public string? Problem => _problem;

    /// <summary>Looks for changes; never throws for what the files are like.</summary>
    public void Look()
    {
        try
        {
            string stamp = _stamp();
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
        catch (Exception e) when (e is RuleFileException or IOException or UnauthorizedAccessException)
        {
            if (_problem != e.Message)
            {
                LogRefused(_what, e.Message);
            }

            _problem = e.Message;
            _readStamp = e is RuleFileException ? _readStamp : "";
        }
    }

    [LoggerMessage(LogLevel.Information, "changed {What} taken")]
    private partial void LogTaken(string what);

    [LoggerMessage(LogLevel.Error, "the changed {What} are not taken, the last good ones stay: {Reason}")]
    private partial void LogRefused(string what, string reason);
}
