using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Telemetry.EndToEnd.Tests.Processes;

namespace Telemetry.EndToEnd.Tests.Alerts;

/// <summary>How a provider behaves.</summary>
internal enum Behaviour
{
    Well,
    Slow,
    Erroring,
    Expensive,
    Silent,
}

/// <summary>Services that call a provider all the time, each with a provider of its own that can turn bad.</summary>
internal sealed class Provider(AllInOneProcess process, IReadOnlyDictionary<Behaviour, string> services) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    /// <summary>Whether each service's provider shows its own fault.</summary>
    public volatile bool IsFaulty;

    public void Start() => _work = Task.Run(SendAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        while (!_stop.IsCancellationRequested)
        {
            foreach ((Behaviour fault, string service) in services)
            {
                Behaviour now = IsFaulty ? fault : Behaviour.Well;
                if (now != Behaviour.Silent)
                {
                    using HttpResponseMessage answer = await process.PostTracesAsync(Call(service, now), CancellationToken.None);
                    Assert.True(answer.IsSuccessStatusCode);
                }
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static string Call(string service, Behaviour behaviour)
    {
        string trace = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        double firstToken = behaviour == Behaviour.Slow ? 4 : 0.2;
        DateTimeOffset end = TimeProvider.System.GetUtcNow();
        return JsonSerializer.Serialize(new
        {
            resourceSpans = new[]
            {
                new
                {
                    resource = new { attributes = new[] { Attribute("service.name", new { stringValue = service }) } },
                    scopeSpans = new[]
                    {
                        new
                        {
                            scope = new { name = "end-to-end" },
                            spans = new[]
                            {
                                new
                                {
                                    traceId = trace, spanId = "00f067aa0ba902b7", name = "chat gpt-4o-mini", kind = 3,
                                    startTimeUnixNano = Nanoseconds(end.AddSeconds(-firstToken - 0.5)), endTimeUnixNano = Nanoseconds(end),
                                    status = new { code = behaviour == Behaviour.Erroring ? 2 : 0 },
                                    attributes = Attributes(firstToken, behaviour == Behaviour.Expensive ? 20_000 : 300),
                                },
                            },
                        },
                    },
                },
            },
        });
    }

    private static object[] Attributes(double firstToken, int outputTokens) =>
    [
        Attribute("gen_ai.operation.name", new { stringValue = "chat" }),
        Attribute("gen_ai.provider.name", new { stringValue = "openai" }),
        Attribute("gen_ai.request.model", new { stringValue = "gpt-4o-mini" }),
        Attribute("gen_ai.request.stream", new { boolValue = true }),
        Attribute("gen_ai.response.time_to_first_chunk", new { doubleValue = firstToken }),
        Attribute("gen_ai.usage.input_tokens", new { intValue = "1200" }),
        Attribute("gen_ai.usage.output_tokens", new { intValue = outputTokens.ToString(CultureInfo.InvariantCulture) }),
    ];

    private static object Attribute(string key, object value) => new { key, value };

    private static string Nanoseconds(DateTimeOffset time) => ((time - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture);
}
