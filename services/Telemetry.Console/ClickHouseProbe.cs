using Telemetry.ClickHouse.Client;

namespace Telemetry.Console;

/// <summary>Looks every few seconds whether ClickHouse answers and has the tables, for <c>/readyz</c>.</summary>
internal sealed class ClickHouseProbe(ClickHouseClient client, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;
    private volatile string? _reason = "ClickHouse has not answered yet";

    /// <summary>Null when it answers; otherwise why not.</summary>
    public string? NotReadyReason => _reason;

    /// <summary>Starts looking; does not wait for an answer.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _work = Task.Run(LookAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    await client.QueryAsync("SELECT count() FROM llm_rollups WHERE resolution = 86400 AND ts > now()", null, _stop.Token);
                    _reason = null;
                }
                catch (ClickHouseException e)
                {
                    _reason = e.Message;
                }

                await Task.Delay(s_every, time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }
}
