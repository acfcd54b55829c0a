using Microsoft.Extensions.Logging;
using Telemetry.Contracts.Prices;

namespace Telemetry.Processor.Price;

/// <summary>
/// The price book of this process, read from its files and read again when they change. Wrong files keep the last good book and say so.
/// </summary>
/// <remarks>
/// Changes are found by looking at names, sizes and times of the files every two seconds, not by file system events: those do not arrive from network and
/// bind mounts, nor when a mounted configuration is swapped by a link. A change is read once it has stood still from one look to the next.
/// </remarks>
public sealed partial class PriceBookSource : IDisposable
{
    internal static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly string _directory;
    private readonly string _overridePath;
    private readonly ILogger<PriceBookSource> _logger;
    private readonly ITimer _look;
    private string _readStamp;
    private string _lastStamp;
    private volatile PriceBook _book;
    private volatile string? _problem;
    private volatile bool _disposed;

    /// <summary>Reads the book, so that a process never starts without prices.</summary>
    /// <exception cref="PriceBookException">A file is wrong.</exception>
    /// <exception cref="IOException">A file or directory is missing or cannot be read.</exception>
    public PriceBookSource(PriceOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _logger = loggers.CreateLogger<PriceBookSource>();
        _directory = options.Path.Length > 0 ? options.Path : Path.Combine(AppContext.BaseDirectory, "prices");
        _overridePath = options.OverridePath;
        _readStamp = _lastStamp = PriceFiles.Stamp(_directory, _overridePath);
        _book = Load();
        _look = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LookLater();
    }

    /// <summary>The book that holds now.</summary>
    public PriceBook Current => _book;

    /// <summary>Why the last change was not taken; null when all is well.</summary>
    public string? Problem => _problem;

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed = true;
        _look.Dispose();
    }

    // One shot at a time: a slow disk delays the next look instead of stacking them up.
    private void LookLater()
    {
        if (!_disposed)
        {
            _look.Change(LookEvery, Timeout.InfiniteTimeSpan);
        }
    }

    private void Look()
    {
        try
        {
            string stamp = PriceFiles.Stamp(_directory, _overridePath);
            bool stoodStill = stamp == _lastStamp;
            _lastStamp = stamp;
            if (stoodStill && stamp != _readStamp)
            {
                _readStamp = stamp;
                Replace(Load());
            }
        }
        catch (Exception e) when (e is PriceBookException or IOException or UnauthorizedAccessException)
        {
            if (_problem != e.Message)
            {
                LogRefused(_book.Version, e.Message);
            }

            _problem = e.Message;

            // A wrong file is read again when it changes; one that could not be read, at the next look.
            _readStamp = e is PriceBookException ? _readStamp : "";
        }

        LookLater();
    }

    private void Replace(PriceBook book)
    {
        _problem = null;
        if (book.Version != _book.Version)
        {
            LogReplaced(_book.Version, book.Version);
            _book = book;
        }
    }

    private PriceBook Load() => PriceBook.Parse(PriceFiles.Read(_directory, _overridePath));

    [LoggerMessage(LogLevel.Information, "price book {Old} replaced by {New}")]
    private partial void LogReplaced(string old, string @new);

    [LoggerMessage(LogLevel.Error, "the changed price files are not taken, book {Version} stays: {Reason}")]
    private partial void LogRefused(string version, string reason);
}
