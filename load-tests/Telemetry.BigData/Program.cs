using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.BigData;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded;
using Telemetry.ClickHouse.Migrations;
using Telemetry.Query;
using Telemetry.Query.Ask;
using Telemetry.Query.Scope;

// Prints the table "Many calls" of docs/performance.md.
if (args.Contains("--help"))
{
    Console.WriteLine(Arguments.Help);
    return;
}

Arguments arguments = Arguments.Parse(args);
await using var engine = new EmbeddedClickHouse(new EmbeddedClickHouseOptions { Path = arguments.Path, Port = 0, FsyncInserts = false, MaxExecutionTime = TimeSpan.FromHours(12), MaxServerMemoryBytes = 6L << 30, MaxQueryMemoryBytes = 4L << 30 }, NullLoggerFactory.Instance, TimeProvider.System);
await engine.StartAsync(CancellationToken.None);
using HttpClient http = ClickHouseClient.CreateHttpClient();
var client = new ClickHouseClient(http, new ClickHouseOptions { Url = engine.Url, Timeout = TimeSpan.FromHours(1) });
await new MigrationRunner(client, Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(CancellationToken.None);
if ((await One("SELECT count() FROM llm_calls")).GetInt64("count()") == 0)
{
    await new Fill(client, arguments).RunAsync();
}

long waited = Stopwatch.GetTimestamp();
while ((await One("SELECT count() FROM system.merges")).GetInt64("count()") > 0 && Stopwatch.GetElapsedTime(waited) < TimeSpan.FromMinutes(15))
{
    await Task.Delay(1000);
}

await PrintTables();
ClickHouseRow sample = await One("SELECT trace_id, span_id, user_id FROM llm_calls WHERE ts < now() - INTERVAL 3 DAY AND ingested_at >= now() - INTERVAL 5 DAY ORDER BY cityHash64(span_id) LIMIT 1");
using var runner = new QueryRunner(new ClickHouseClient(http, new ClickHouseOptions { Url = engine.Url, User = "reader" }), new QueryOptions());
Console.WriteLine("| page | statements | rows read | ms, median | ms, least | ms of CPU, least | aim |\n|---|---|---|---|---|---|---|");
foreach ((string name, int most, Func<IReadOnlyList<Statement>> statements) in Pages.All(sample.GetString("trace_id"), sample.GetString("span_id"), sample.GetString("user_id")))
{
    await MeasureAsync(name, most, statements);
}

if (!arguments.Keep)
{
    await engine.DisposeAsync();
    Directory.Delete(arguments.Path, recursive: true);
}

async Task MeasureAsync(string name, int most, Func<IReadOnlyList<Statement>> statements)
{
    var wall = new List<double>();
    var cpu = new List<double>();
    long rows = 0;
    int count = 0;
    for (int run = 0; run <= arguments.Runs; run++)
    {
        // The engine is in this process: its time is ours.
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        long started = Stopwatch.GetTimestamp();
        IReadOnlyDictionary<string, Result> results = await runner.AskAllAsync(statements(), AccessScope.All, CancellationToken.None);
        if (run > 0)
        {
            wall.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            cpu.Add((Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds);
        }

        (rows, count) = (results.Values.Sum(r => r.Summary.ReadRows), results.Count);
    }

    wall.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {count} | {rows:#,0} | {wall[wall.Count / 2]:F0} | {wall[0]:F0} | {cpu.Min():F0} | {most} |"));
}

async Task PrintTables()
{
    ClickHouseResult tables = await client.QueryAsync(
        "SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts WHERE database = 'telemetry' AND active GROUP BY table HAVING rows > 1000 ORDER BY bytes DESC", null, CancellationToken.None);
    Console.WriteLine("| table | rows | MB on disk | parts |\n|---|---|---|---|");
    foreach (ClickHouseRow row in tables.Rows)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row.GetString("table")} | {row.GetInt64("rows"):#,0} | {row.GetInt64("bytes") / 1e6:F0} | {row.GetInt64("parts")} |"));
    }

    Console.WriteLine();
}

async Task<ClickHouseRow> One(string sql) => (await client.QueryAsync(sql, null, CancellationToken.None)).Rows[0];
