using System.Collections.Concurrent;
using System.Globalization;
using Telemetry.EndToEnd.Tests.Spans;

namespace Telemetry.EndToEnd.Tests.Processes;

/// <summary>Senders that post one call after another, each once, until they are stopped or the process is gone; and what was acknowledged.</summary>
internal sealed class Traffic(AllInOneProcess process, string service, int firstTrace) : IDisposable
{
    private const int Senders = 4;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, bool> _acknowledged = [];
    private Task[] _senders = [];
    private int _next = firstTrace;

    public IReadOnlyList<string> Acknowledged => [.. _acknowledged.Keys];

    public Traffic Start()
    {
        _senders = [.. Enumerable.Range(0, Senders).Select(_ => Task.Run(SendAsync))];
        return this;
    }

    public Task<int> UntilAsync(int acknowledged, CancellationToken cancellation) =>
        Eventually.GetAsync(() => Task.FromResult(_acknowledged.Count), count => count >= acknowledged, Bound, cancellation);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_senders).WaitAsync(Bound);
    }

    public void Dispose() => _stop.Dispose();

    private async Task SendAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            string trace = Interlocked.Increment(ref _next).ToString("x32", CultureInfo.InvariantCulture);
            try
            {
                using HttpResponseMessage answer = await process.PostTracesAsync(OtlpJson.Chat(trace, "00f067aa0ba902b7", service, TimeProvider.System.GetUtcNow()), CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                {
                    _acknowledged[trace] = true;
                }
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }
}
