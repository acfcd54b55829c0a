using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;
using Telemetry.Hosting.Process;

namespace Telemetry.ClickHouse.Migrations;

/// <summary>Brings the tables up to date at the start, waiting for a ClickHouse that is not there yet: services may start in any order.</summary>
public sealed partial class SchemaUpdate(ClickHouseClient client, ServiceContext context)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = context.Loggers.CreateLogger<SchemaUpdate>();
    private volatile string? _reason = "the tables are not up to date yet";

    /// <summary>What it waits for; null once the tables are up to date.</summary>
    public string? NotReadyReason => _reason;

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refuses for a reason that waiting does not cure.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var runner = new MigrationRunner(client, Migrations.LoadEmbedded(), context.Loggers.CreateLogger<MigrationRunner>(), context.Time);
        TimeSpan pause = FirstPause;
        while (true)
        {
            try
            {
                await runner.RunAsync(cancellationToken);
                _reason = null;
                return;
            }
            catch (ClickHouseException e) when (e.IsRetryable)
            {
                _reason = $"waiting for ClickHouse: {e.Message}";
                LogWaiting(pause.TotalSeconds, e.Message);
            }

            await Task.Delay(pause, context.Time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    [LoggerMessage(LogLevel.Warning, "waiting for ClickHouse, trying again in {Seconds} s: {Reason}")]
    private partial void LogWaiting(double seconds, string reason);
}
