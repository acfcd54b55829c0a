using System.Diagnostics;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Spectre.Console;
using Telemetry.Demo.App;
using Telemetry.Demo.Provider;
using Telemetry.Demo.Report;

namespace Telemetry.Demo;

/// <summary>One run: provider up, traffic, wait until ClickHouse has it, table, comparison with the provider's ledger.</summary>
internal sealed class DemoRun(DemoSettings settings, TimeProvider time)
{
    private const int ExitLedgerDisagrees = 3;
    private static readonly TimeSpan VisibleBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Trickle = TimeSpan.FromSeconds(1);

    /// <summary>Runs; the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (Console.IsOutputRedirected)
        {
            const int WideEnough = 140;
            AnsiConsole.Profile.Width = WideEnough;
        }

        await using var provider = new DemoProvider(settings.Seed, time);
        await provider.StartAsync(cancellation);
        using TracerProvider tracing = CreateTracing();
        var scenarios = new Scenarios(new ModelClient(provider.Url, time), new Random(settings.Seed));
        DateTimeOffset start = time.GetUtcNow();
        using var reader = new ClickHouseReader(
            settings.ClickHouse, Environment.GetEnvironmentVariable("CLICKHOUSE_USER") ?? "default", Environment.GetEnvironmentVariable("CLICKHOUSE_PASSWORD") ?? "", start);

        Say($"Sending LLM traffic over OTLP/{(settings.OverHttp ? "HTTP" : "gRPC")} to {settings.Otlp} ...");
        await SendAsync(scenarios, provider.Ledger, cancellation);
        tracing.ForceFlush();
        int exit = await ReportAsync(provider.Ledger, reader, start, cancellation);
        if (settings.Keep && exit == 0)
        {
            await KeepAsync(scenarios, cancellation);
        }

        return exit;
    }

    private TracerProvider CreateTracing() => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("demo-shop", serviceVersion: "1.0.0").AddTelemetrySdk()
            .AddAttributes([new("deployment.environment.name", "demo")]))
        .AddSource(GenAiTracing.SourceName)
        .AddOtlpExporter(otlp =>
        {
            otlp.Endpoint = settings.OverHttp ? new Uri(settings.Otlp, "/v1/traces") : settings.Otlp;
            otlp.Protocol = settings.OverHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            otlp.BatchExportProcessorOptions.ScheduledDelayMilliseconds = 500;
        })
        .Build();

    private async Task SendAsync(Scenarios scenarios, Ledger ledger, CancellationToken cancellation)
    {
        int started = 0;
        Task[] workers = [.. Enumerable.Range(0, settings.Parallel).Select(async _ =>
        {
            while (Interlocked.Increment(ref started) <= settings.Conversations)
            {
                await scenarios.RunAsync(cancellation);
            }
        })];
        Task all = Task.WhenAll(workers);
        while (await Task.WhenAny(all, Task.Delay(ProgressEvery, time, cancellation)) != all)
        {
            cancellation.ThrowIfCancellationRequested();
            Say($"  {Math.Min(started, settings.Conversations)} of {settings.Conversations} conversations, {ledger.Entries.Count} calls served");
        }

        await all;
        Say($"  {settings.Conversations} conversations, {ledger.Entries.Count} calls served");
    }

    private async Task<int> ReportAsync(Ledger ledger, ClickHouseReader reader, DateTimeOffset start, CancellationToken cancellation)
    {
        int expected = ledger.Entries.Count;
        if (!await WaitAsync(reader, expected, cancellation))
        {
            await Console.Error.WriteLineAsync(
                $"ClickHouse shows {await reader.CountCallsAsync(cancellation)} of {expected} calls after {VisibleBound.TotalSeconds:0} s. Look at the Processor: /readyz on the health port says what it waits for.");
            return ExitLedgerDisagrees;
        }

        IReadOnlyList<ModelRow> rows = await reader.ByModelAsync(cancellation);
        IReadOnlyList<string> differences = LedgerComparison.Differences(ledger.Entries, rows);
        if (settings.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { start, models = rows, ledger_differences = differences }));
            return differences.Count == 0 ? 0 : ExitLedgerDisagrees;
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(ModelTable.Create(rows));
        foreach (string difference in differences)
        {
            Console.WriteLine($"LEDGER DISAGREES: {difference}");
        }

        if (differences.Count == 0)
        {
            Console.WriteLine($"Ledger agrees: {expected} calls, and every token that the provider told, are in ClickHouse; the rollups have them too.");
        }

        WriteHints();
        return differences.Count == 0 ? 0 : ExitLedgerDisagrees;
    }

    private async Task<bool> WaitAsync(ClickHouseReader reader, int expected, CancellationToken cancellation)
    {
        Say($"Waiting until ClickHouse shows all {expected} calls ...");
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < VisibleBound)
        {
            if (await reader.CountCallsAsync(cancellation) >= expected && await reader.CountRollupAsync(cancellation) >= expected)
            {
                return true;
            }

            await Task.Delay(Poll, time, cancellation);
        }

        return false;
    }

    private void WriteHints()
    {
        string url = settings.ClickHouse.AbsoluteUri.TrimEnd('/');
        Console.WriteLine();
        Console.WriteLine("Look further:");
        Console.WriteLine($"  curl '{url}/?database=telemetry' --data-binary \"SELECT * FROM llm_by_minute ORDER BY ts DESC LIMIT 5 FORMAT Vertical\"");
        Console.WriteLine($"  curl '{url}/?database=telemetry' --data-binary \"SELECT * FROM llm_traces ORDER BY cost_usd DESC LIMIT 5 FORMAT PrettyCompact\"");
        Console.WriteLine($"  curl '{url}/?database=telemetry' --data-binary \"SELECT * FROM llm_unpriced FORMAT PrettyCompact\"");
        Console.WriteLine($"  Grafana: add a ClickHouse data source, host {settings.ClickHouse.Host}, port {settings.ClickHouse.Port}, protocol HTTP, database telemetry");
    }

    private async Task KeepAsync(Scenarios scenarios, CancellationToken cancellation)
    {
        Console.WriteLine();
        Console.WriteLine("Staying up with a trickle of traffic. Ctrl-C stops.");
        while (!cancellation.IsCancellationRequested)
        {
            await scenarios.RunAsync(cancellation);
            await Task.Delay(Trickle, time, cancellation);
        }
    }

    private void Say(string line)
    {
        if (!settings.Json)
        {
            Console.WriteLine(line);
        }
    }
}
