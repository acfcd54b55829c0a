using System.Text;
using System.Text.Json;

namespace Telemetry.Chaos;

/// <summary>
/// An app with an exporter: sends traces of an agent and two calls, in one request or in two, tries again until it is acknowledged, and now and then sends again
/// what was acknowledged already.
/// </summary>
internal sealed class Sender(ILayout layout, Ledger ledger, int seed) : IDisposable
{
    public const int CallsInTrace = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Random _random = new(seed);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };

    /// <summary>Sends until told to stop; what is under way is finished as long as <paramref name="giveUp"/> allows.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        while (!stop.IsCancellationRequested)
        {
            string trace = ledger.Add();
            List<string> bodies = Bodies(trace);
            bool acknowledged = true;
            foreach (string body in bodies)
            {
                acknowledged &= await SendUntilTakenAsync(body, giveUp);
            }

            if (acknowledged)
            {
                ledger.Acknowledge(trace);
                await SendAgainAsync(bodies, giveUp);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task SendAgainAsync(List<string> bodies, CancellationToken giveUp)
    {
        const int OneIn = 5;
        if (_random.Next(OneIn) == 0)
        {
            Interlocked.Increment(ref ledger.Duplicates);
            await TrySendAsync(bodies[_random.Next(bodies.Count)], giveUp);
        }
    }

    private async Task<bool> SendUntilTakenAsync(string body, CancellationToken giveUp)
    {
        while (!giveUp.IsCancellationRequested)
        {
            if (await TrySendAsync(body, giveUp))
            {
                return true;
            }

            Interlocked.Increment(ref ledger.Retries);
            try
            {
                await Task.Delay(Pause, giveUp);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return false;
    }

    private async Task<bool> TrySendAsync(string body, CancellationToken giveUp)
    {
        IReadOnlyList<Uri> collectors = layout.Collectors;
        if (collectors.Count == 0)
        {
            return false;
        }

        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await _http.PostAsync(new Uri(collectors[_random.Next(collectors.Count)], "/v1/traces"), content, giveUp);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Killed under way: nobody knows whether it was taken, so it is sent again.
            return false;
        }
    }

    // The wrapper repeats the usage of both calls; a third of the traces have it sent before them.
    private List<string> Bodies(string trace)
    {
        const int OneIn = 3;
        object agent = Span(trace, 1, 0, "invoke_agent", 300);
        object first = Span(trace, 2, 1, "chat", 100);
        object second = Span(trace, 3, 1, "chat", 200);
        return _random.Next(OneIn) == 0 ? [Request(agent), Request(first, second)] : [Request(first, second, agent)];
    }

    private static string Request(params object[] spans) => JsonSerializer.Serialize(new
    {
        resourceSpans = new[] { new { resource = new { attributes = new[] { Text("service.name", "chaos") } }, scopeSpans = new[] { new { scope = new { name = "chaos" }, spans } } } },
    });

    private static object Span(string trace, int id, int parent, string operation, int input)
    {
        long start = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
        return new
        {
            traceId = trace,
            spanId = id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            parentSpanId = parent == 0 ? "" : parent.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            name = operation,
            kind = 3,
            startTimeUnixNano = start.ToString(System.Globalization.CultureInfo.InvariantCulture),
            endTimeUnixNano = (start + 500_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
            attributes = new[]
            {
                Text("gen_ai.operation.name", operation), Text("gen_ai.provider.name", "openai"), Text("gen_ai.request.model", "gpt-4o-mini"),
                Number("gen_ai.usage.input_tokens", input), Number("gen_ai.usage.output_tokens", 10),
            },
        };
    }

    private static object Text(string key, string value) => new { key, value = new { stringValue = value } };

    private static object Number(string key, int value) => new { key, value = new { intValue = value.ToString(System.Globalization.CultureInfo.InvariantCulture) } };
}
