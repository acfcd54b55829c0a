using Microsoft.Extensions.Logging;
using Telemetry.Contracts.Prices;

namespace Telemetry.Processor.Price;

/// <summary>
/// The price book of this process, read from its directories and read again when a file changes. A wrong file keeps the last good book and says so.
/// </summary>
public sealed partial class PriceBookSource : IDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    private readonly string[] _directories;
    private readonly ILogger<PriceBookSource> _logger;
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly ITimer _reload;
    private volatile PriceBook _book;
    private volatile string? _problem;

    /// <summary>Reads the book. Throws <see cref="PriceBookException"/> or <see cref="IOException"/> when the first read fails.</summary>
    public PriceBookSource(PriceOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _logger = loggers.CreateLogger<PriceBookSource>();
        string shipped = options.Path.Length > 0 ? options.Path : Path.Combine(AppContext.BaseDirectory, "prices");
        _directories = options.OverridePath.Length > 0 ? [shipped, options.OverridePath] : [shipped];
        _book = Load();
        _reload = time.CreateTimer(_ => Reload(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (string directory in _directories)
        {
            var watcher = new FileSystemWatcher(directory, "*.json") { EnableRaisingEvents = true };

            // Editors write in several steps; read once they are done.
            watcher.Changed += (_, _) => _reload.Change(Settle, Timeout.InfiniteTimeSpan);
            watcher.Created += (_, _) => _reload.Change(Settle, Timeout.InfiniteTimeSpan);
            watcher.Deleted += (_, _) => _reload.Change(Settle, Timeout.InfiniteTimeSpan);
            watcher.Renamed += (_, _) => _reload.Change(Settle, Timeout.InfiniteTimeSpan);
            _watchers.Add(watcher);
        }
    }

    /// <summary>The book that holds now.</summary>
    public PriceBook Current => _book;

    /// <summary>Why the last change was not taken; null when all is well.</summary>
    public string? Problem => _problem;

    /// <inheritdoc />
    public void Dispose()
    {
        _watchers.ForEach(w => w.Dispose());
        _reload.Dispose();
    }

    private void Reload()
    {
        try
        {
            PriceBook book = Load();
            _problem = null;
            if (book.Version != _book.Version)
            {
                LogReloaded(_book.Version, book.Version);
                _book = book;
            }
        }
        catch (Exception e) when (e is PriceBookException or IOException or UnauthorizedAccessException)
        {
            _problem = e.Message;
            LogRefused(_book.Version, e.Message);
        }
    }

    // Override files sort behind the shipped ones, so that their models win.
    private PriceBook Load() => PriceBook.Parse(
    [
        .. _directories.SelectMany((directory, order) => Directory.GetFiles(directory, "*.json")
            .Select(f => ($"{order}/{Path.GetFileName(f)}", (ReadOnlyMemory<byte>)File.ReadAllBytes(f)))),
    ]);

    [LoggerMessage(LogLevel.Information, "price book {Old} replaced by {New}")]
    private partial void LogReloaded(string old, string @new);

    [LoggerMessage(LogLevel.Error, "the changed price files are not taken, book {Version} stays: {Reason}")]
    private partial void LogRefused(string version, string reason);
}
