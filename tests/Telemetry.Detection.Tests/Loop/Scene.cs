using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Detection.Tests.Loop;

/// <summary>A database of its own, three hours of ordinary traffic of one service, and a clock.</summary>
internal sealed class Scene
{
    public const string Service = "shop";
    public const int PerMinute = 40;
    private const int HistoryMinutes = 180;

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private int _instances;

    private Scene(ClickHouseClient client, DateTimeOffset start)
    {
        Client = client;
        Start = start;
        Time = new SettableTime(start);
        Traffic = new Traffic(client);
    }

    public ClickHouseClient Client { get; }

    public Traffic Traffic { get; }

    public SettableTime Time { get; }

    /// <summary>Where the history ends.</summary>
    public DateTimeOffset Start { get; }

    public static async Task<Scene> OpenAsync(ClickHouseFixture clickHouse)
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var scene = new Scene(client, new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero));
        await scene.Traffic.CallAsync(Service, scene.Start.AddMinutes(-HistoryMinutes), HistoryMinutes, PerMinute, errorShare: 0.01);
        return scene;
    }

    public DetectionLoop NewLoop(int keys = 500) => new(
        Client,
        new DetectionOptions { FirstMinutes = 30, HistoryDays = 1, CatchUp = TimeSpan.FromMinutes(10), MaxKeys = keys },
        $"detector-{++_instances}",
        NullLoggerFactory.Instance,
        Time);

    /// <summary>Lets all Processors pass a number of minutes behind the history, and the detection look.</summary>
    public async Task LookAsync(DetectionLoop loop, int minutes)
    {
        await PassAsync(minutes);
        await loop.TickAsync(_cancellation);
    }

    public async Task PassAsync(int minutes)
    {
        // No clock stands on a whole second.
        Time.Now = Start.AddMinutes(minutes).AddSeconds(20.3849836);
        await Traffic.PassAsync(Time.Now, Time.Now, Time.Now);
    }

    public async Task<IReadOnlyList<string>> AskAsync(string sql)
    {
        ClickHouseResult result = await Client.QueryAsync(sql, null, _cancellation);
        return [.. result.Rows.Select(r => string.Join(' ', result.Columns.Select(c => Convert.ToString(r.GetValue(c.Name), CultureInfo.InvariantCulture))))];
    }

    /// <summary>Metrics of the service-and-model key with an anomaly, as scope says.</summary>
    public Task<IReadOnlyList<string>> OpenMetricsAsync(string scope = "service_model") =>
        AskAsync($"SELECT metric FROM llm_anomalies_now WHERE state = 'open' AND scope = '{scope}' ORDER BY metric");
}
