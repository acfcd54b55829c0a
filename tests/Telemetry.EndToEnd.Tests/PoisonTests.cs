using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.CommandLine;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.SpanLog;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A record that cannot be decoded stops nothing and is lost nowhere.</summary>
public sealed class PoisonTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);
    private static readonly byte[] Poison = Encoding.UTF8.GetBytes("this was never OTLP");

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_poison_record_goes_whole_to_the_dead_letters_and_the_lane_goes_on()
    {
        using var data = new TemporaryDirectory();
        string path = Path.Combine(data.Path, "span-log");
        int partitions = await AppendPoisonAsync(path);

        await using (AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation))
        {
            for (int i = 0; i < partitions * 4; i++)
            {
                using HttpResponseMessage answer = await process.PostTracesAsync(
                    OtlpJson.Chat((i + 1).ToString("x32", System.Globalization.CultureInfo.InvariantCulture), "00f067aa0ba902b7", "poison", TimeProvider.System.GetUtcNow()), _cancellation);
                Assert.True(answer.IsSuccessStatusCode);
            }

            await process.AskUntilAsync("SELECT count() FROM llm_calls", $"{partitions * 4}", Bound, _cancellation);
            await process.AskUntilAsync("SELECT count(), any(record), any(topic) FROM dead_letters", $"1\t{Encoding.UTF8.GetString(Poison)}\t{SpanLogTopics.Spans}", Bound, _cancellation);

            // Decoded again after a crash, it is put aside again; people see it once.
            await process.AskAsync("INSERT INTO dead_letters SELECT at + 1, topic, partition, offset, reason, record, log_partition, log_offset + 1, ingested_at FROM dead_letters", _cancellation);
            Assert.Equal("2", await process.AskAsync("SELECT count() FROM dead_letters", _cancellation));
            await AssertCommandsAsync(process);
            Assert.Equal(0, await process.Service.StopAsync(Bound, _cancellation));
        }

        JsonElement letter = JsonDocument.Parse(await ReadDeadLetterAsync(path)).RootElement;
        Assert.Equal(Poison, letter.GetProperty("record").GetBytesFromBase64());
        Assert.Equal((SpanLogTopics.Spans, 0), (letter.GetProperty("topic").GetString(), letter.GetProperty("partition").GetInt32()));
        Assert.NotEmpty(letter.GetProperty("reason").GetString()!);
    }

    [Fact]
    public async Task A_poison_record_as_large_as_records_can_be_is_kept_whole_though_no_envelope_fits_around_it()
    {
        using var data = new TemporaryDirectory();
        byte[] poison = new byte[new SpanLogOptions().MaxRecordBytes];
        Array.Fill(poison, byte.MaxValue);
        await AppendAsync(Path.Combine(data.Path, "span-log"), poison);

        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);

        await process.AskUntilAsync($"SELECT count(), any(record = repeat(char(255), {poison.Length})) FROM dead_letters", "1\t1", Bound, _cancellation);
    }

    [Fact]
    public async Task A_poison_record_that_is_larger_than_any_letter_is_kept_whole_and_can_be_shown()
    {
        using var data = new TemporaryDirectory();
        byte[] poison = new byte[4 * new SpanLogOptions().MaxRecordBytes];
        Array.Fill(poison, byte.MaxValue);
        await AppendAsync(Path.Combine(data.Path, "span-log"), poison, poison.Length);

        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);

        await process.AskUntilAsync($"SELECT count(), any(length(record)), any(topic) FROM dead_letters", $"1\t{poison.Length}\t{SpanLogTopics.Spans}", Bound, _cancellation);
        string id = Assert.Single((await RunAsync(process, 0, "list")).EnumerateArray()).GetProperty("id").GetString()!;
        Assert.Equal(poison, (await RunAsync(process, 0, "show", id)).GetProperty("record").GetBytesFromBase64());
    }

    private static async Task AssertCommandsAsync(AllInOneProcess process)
    {
        JsonElement letter = Assert.Single((await RunAsync(process, 0, "list")).EnumerateArray());
        string id = letter.GetProperty("id").GetString()!;
        Assert.Equal(Poison, (await RunAsync(process, 0, "show", id)).GetProperty("record").GetBytesFromBase64());

        // What is still wrong is refused again, and stays.
        JsonElement replayed = Assert.Single((await RunAsync(process, 1, "replay", "--all", "--collector", process.Http.ToString())).EnumerateArray());
        Assert.Equal((id, false), (replayed.GetProperty("id").GetString(), replayed.GetProperty("accepted").GetBoolean()));
        Assert.StartsWith("HTTP 400", replayed.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.Single((await RunAsync(process, 0, "list")).EnumerateArray());
    }

    private static async Task<JsonElement> RunAsync(AllInOneProcess process, int expected, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLineApp.RunAsync(["dead-letters", .. arguments, "--clickhouse", process.ClickHouse.ToString(), "--json"], output, error, TimeProvider.System);
        Assert.True(code == expected, error.ToString());
        return JsonDocument.Parse(output.ToString()).RootElement.Clone();
    }

    private Task<int> AppendPoisonAsync(string path) => AppendAsync(path, Poison);

    private async Task<int> AppendAsync(string path, byte[] record, int? maxRecordBytes = null)
    {
        var options = new SpanLogOptions { Path = path };
        options.MaxRecordBytes = maxRecordBytes ?? options.MaxRecordBytes;
        await using ISpanLog log = SpanLogFactory.Create(options, NullLoggerFactory.Instance, TimeProvider.System);
        await log.StartAsync(_cancellation);
        AppendResult appended = await log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(0, record) }, _cancellation);
        Assert.Equal(AppendStatus.Durable, appended.Status);
        return log.PartitionCount(SpanLogTopics.Spans);
    }

    private async Task<byte[]> ReadDeadLetterAsync(string path)
    {
        await using ISpanLog log = SpanLogFactory.Create(new SpanLogOptions { Path = path }, NullLoggerFactory.Instance, TimeProvider.System);
        await log.StartAsync(_cancellation);
        await using ISpanLogReader reader = log.OpenReader("test", [SpanLogTopics.DeadLetters]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        stop.CancelAfter(Bound);
        await foreach (ISpanLogLane lane in reader.LanesAsync(stop.Token))
        {
            await using (lane)
            {
                var records = new List<SpanLogRecord>();
                if (lane.Partition == 0 && await lane.ReadAsync(records, 1, int.MaxValue, Bound, stop.Token) == 1)
                {
                    return records[0].Value.ToArray();
                }
            }
        }

        throw new InvalidOperationException("there is no dead letter");
    }
}
