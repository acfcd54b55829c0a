using System.Collections.Concurrent;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>A bounded number of places for statements that run at the same time; each place has a thread and gets a fresh session.</summary>
internal sealed class EnginePool(string kind, int places, TimeSpan queueTimeout, IReadOnlyList<string> arguments) : IDisposable
{
    private readonly SemaphoreSlim _free = new(places, places);
    private readonly ConcurrentBag<EngineThread> _threads = [];
    private int _created;
    private int _drained;

    /// <summary>Statements that run now.</summary>
    internal int Running => places - _free.CurrentCount;

    internal async Task<EngineLease> RentAsync(CancellationToken cancellationToken)
    {
        if (!await _free.WaitAsync(queueTimeout, cancellationToken))
        {
            throw EngineException.Create(202, "TOO_MANY_SIMULTANEOUS_QUERIES", $"Too many simultaneous {kind}. Maximum: {places}");
        }

        if (!_threads.TryTake(out EngineThread? thread))
        {
            thread = new EngineThread(Interlocked.Increment(ref _created));
        }

        try
        {
            EngineConnection? connection = await thread.RunAsync(() => EngineConnection.TryOpen(arguments));
            return connection is not null
                ? new EngineLease(this, thread, connection)
                : throw EngineException.Create(236, "ABORTED", "The engine is not open");
        }
        catch
        {
            Return(thread);
            throw;
        }
    }

    /// <summary>Waits until no statement runs here, and lets none begin before the result is disposed.</summary>
    /// <exception cref="EngineException">159 TIMEOUT_EXCEEDED: some statement runs longer than the limit.</exception>
    internal async Task<IDisposable> PauseAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var pause = new EnginePause(_free);
        long started = time.GetTimestamp();
        try
        {
            while (pause.Places < places)
            {
                TimeSpan left = limit - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !await _free.WaitAsync(left, cancellationToken))
                {
                    throw EngineException.Create(159, "TIMEOUT_EXCEEDED", $"{kind} that run now did not end within {limit.TotalSeconds:0} s");
                }

                pause.Places++;
            }

            return pause;
        }
        catch
        {
            pause.Dispose();
            throw;
        }
    }

    /// <summary>Waits until every place is free again; false when the time is over before.</summary>
    internal async Task<bool> DrainAsync(TimeSpan limit)
    {
        while (_drained < places && await _free.WaitAsync(limit))
        {
            _drained++;
        }

        return _drained == places;
    }

    internal void Return(EngineThread thread)
    {
        _threads.Add(thread);
        _free.Release();
    }

    public void Dispose()
    {
        while (_threads.TryTake(out EngineThread? thread))
        {
            thread.Dispose();
        }
    }
}

/// <summary>Places of a pool that are kept from everyone else until disposed.</summary>
internal sealed class EnginePause(SemaphoreSlim free) : IDisposable
{
    internal int Places { get; set; }

    public void Dispose()
    {
        if (Places > 0)
        {
            free.Release(Places);
            Places = 0;
        }
    }
}

/// <summary>A session and its thread, for one request.</summary>
internal sealed class EngineLease(EnginePool pool, EngineThread thread, EngineConnection connection) : IAsyncDisposable
{
    internal Task<T> RunAsync<T>(Func<EngineConnection, T> call) => thread.RunAsync(() => call(connection));

    internal Task RunAsync(Action<EngineConnection> call) => thread.RunAsync(() => call(connection));

    public async ValueTask DisposeAsync()
    {
        try
        {
            await thread.RunAsync(connection.Dispose);
        }
        finally
        {
            pool.Return(thread);
        }
    }
}
