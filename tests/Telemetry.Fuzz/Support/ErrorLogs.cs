using Microsoft.Extensions.Logging;

namespace Telemetry.Fuzz.Support;

/// <summary>Loggers that all remember in one place what was logged as an error.</summary>
internal sealed class ErrorLogs : ILoggerFactory, IErrorLog
{
    private readonly ErrorLog<ErrorLogs> _log = new();

    /// <inheritdoc />
    public Exception? Take() => _log.Take();

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => _log;

    /// <inheritdoc />
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
