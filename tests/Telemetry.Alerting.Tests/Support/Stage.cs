using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Tests.Support;

/// <summary>A database, a receiver and the files of a service that tells it of dead letters.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private Stage(ClickHouseClient client, Receiver receiver, Service service) => (Client, Receiver, Service) = (client, receiver, service);

    public ClickHouseClient Client { get; }

    public Receiver Receiver { get; }

    public Service Service { get; }

    /// <summary>What the receiver heard, in order.</summary>
    public IEnumerable<string> Heard => Receiver.Received.SelectMany(r => r.Kinds);

    /// <summary>Sets a stage; nothing runs yet.</summary>
    /// <param name="clickHouse">Where its database is made.</param>
    /// <param name="rules">Rules; those on dead letters when null.</param>
    /// <param name="channel">More settings of the receiver's channel.</param>
    /// <param name="more">More channels.</param>
    public static async Task<Stage> SetAsync(ClickHouseFixture clickHouse, string? rules = null, string channel = "", string more = "")
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        Receiver receiver = await Receiver.StartAsync();
        return new Stage(client, receiver, new Service(rules ?? Service.OnDeadLetters, "channels:\n" + more + Service.Webhook("hook", receiver.Url, channel)));
    }

    /// <summary>Starts an instance.</summary>
    public async Task<AlertingService> StartAsync(string instance = "one")
    {
        AlertingService service = Service.Create(Client, instance);
        await service.StartAsync(_cancellation);
        return service;
    }

    /// <summary>Makes the condition hold.</summary>
    public Task BreakAsync() => Service.BreakAsync(Client, _cancellation);

    /// <summary>Makes it hold no more.</summary>
    public Task MendAsync() => Service.MendAsync(Client, _cancellation);

    /// <summary>Waits until so many notifications are delivered.</summary>
    public Task DeliveredAsync(int count) => UntilAsync("SELECT toString(count()) FROM alert_deliveries WHERE outcome = 'delivered'", $"{count}");

    /// <summary>Waits until a question has an answer.</summary>
    public async Task UntilAsync(string sql, string expected, TimeSpan? bound = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        limit.CancelAfter(bound ?? Bound);
        string last = "";
        try
        {
            while ((last = await AskAsync(sql)) != expected)
            {
                await Task.Delay(50, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{sql} is still {last}, not {expected}");
        }
    }

    public async Task<string> AskAsync(string sql)
    {
        ClickHouseResult result = await Client.QueryAsync(sql, null, _cancellation);
        return result.Rows.Count == 0 ? "" : result.Rows[0].GetValue(0)!.ToString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        Service.Dispose();
    }
}
