using Telemetry.Alerting.Tests.Support;
using Telemetry.ClickHouse.Client;
using Telemetry.TestKit;

namespace Telemetry.Alerting.Tests.Lease;

/// <summary>Two real processes: one is killed or stands still, the other goes on without repeating a page.</summary>
public sealed class TakeoverTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_other_instance_takes_over_within_30_seconds_and_pages_nobody_again(bool freeze)
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        await using Receiver receiver = await Receiver.StartAsync();
        using var service = new Service(Service.OnDeadLetters, "channels:\n" + Service.Webhook("hook", receiver.Url));
        await using ServiceProcess first = await StartAsync(service, client);
        await Service.BreakAsync(client, _cancellation);
        await Eventually.HoldsAsync(() => receiver.Received.Count == 1, "the first page", TimeSpan.FromSeconds(60));
        await using ServiceProcess second = await StartAsync(service, client);
        await DeliveredAsync(client, 1);

        if (freeze)
        {
            first.Freeze();
        }
        else
        {
            await first.KillAsync();
        }

        // With the default lease; the bound is the promise.
        await Service.MendAsync(client, _cancellation);
        await Eventually.HoldsAsync(() => receiver.Received.Count == 2, "the end, told by the other instance", TimeSpan.FromSeconds(30));
        await DeliveredAsync(client, 2);
        if (freeze)
        {
            first.Thaw();
            await Eventually.HoldsAsync(() => first.Log.Contains("has the alerting no more", StringComparison.Ordinal), "the first one knows that it lost its turn", TimeSpan.FromSeconds(60));
            await Service.BreakAsync(client, _cancellation);
            await DeliveredAsync(client, 3);
        }

        Assert.Equal(freeze ? ["fired", "resolved", "fired"] : ["fired", "resolved"], receiver.Received.SelectMany(r => r.Kinds));
    }

    private Task<ServiceProcess> StartAsync(Service service, ClickHouseClient client) => ServiceProcess.StartAsync(
        "Telemetry.Alerting",
        [
            "Operations:Port=0", $"ClickHouse:Url={client.Options.Url}", $"ClickHouse:Database={client.Options.Database}", $"Alerting:RulesPath={service.RulesPath}",
            $"Alerting:ChannelsPath={service.ChannelsPath}", "Alerting:EvaluateEvery=00:00:01",
        ],
        _cancellation);

    private async Task DeliveredAsync(ClickHouseClient client, ulong count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while ((await client.QueryAsync("SELECT count() AS n FROM alert_deliveries", null, limit.Token)).Rows[0].GetUInt64("n") != count)
        {
            await Task.Delay(50, limit.Token);
        }
    }
}
