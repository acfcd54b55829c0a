using System.Collections.Concurrent;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>
/// A thread that runs the engine's blocking calls, so that they never hold threads of the pool that answers requests. One request has
/// it at a time.
/// </summary>
internal sealed class EngineThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = new(1);

    internal EngineThread(int number)
    {
        var thread = new Thread(Run) { IsBackground = true, Name = $"clickhouse-{number}" };
        thread.Start();
    }

    internal Task<T> RunAsync<T>(Func<T> call)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                completion.SetResult(call());
            }
#pragma warning disable CA1031 // Whatever the call throws belongs to whoever awaits it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                completion.SetException(e);
            }
        });
        return completion.Task;
    }

    internal Task RunAsync(Action call) => RunAsync(() =>
    {
        call();
        return true;
    });

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (Action action in _work.GetConsumingEnumerable())
        {
            action();
        }

        _work.Dispose();
    }
}
