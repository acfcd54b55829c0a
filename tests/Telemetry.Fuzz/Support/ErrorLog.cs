using Microsoft.Extensions.Logging;

namespace Telemetry.Fuzz.Support;

/// <summary>What was logged as an error.</summary>
internal interface IErrorLog
{
    /// <summary>The exception logged last; null when there was none since the last time.</summary>
    Exception? Take();
}

/// <summary>Remembers exceptions that are logged as errors: the product answers them, and so they would pass unseen.</summary>
internal sealed class ErrorLog<T> : ILogger<T>, IErrorLog
{
    private Exception? _error;

    /// <inheritdoc />
    public Exception? Take()
    {
        Exception? error = _error;
        _error = null;
        return error;
    }

    /// <inheritdoc />
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    /// <inheritdoc />
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error)
        {
            _error = exception ?? new InvalidOperationException(formatter(state, null));
        }
    }
}
