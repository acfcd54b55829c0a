using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.Contracts.Prices;
using Telemetry.Processor;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.Consume;
using Telemetry.Processor.CountTokens;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Events;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Price;
using Telemetry.Processor.Screen;
using Telemetry.Processor.Time;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Fuzz.Support;

/// <summary>The Processor's way of a record as its lanes run it, from the bytes of the log to the blocks that ClickHouse gets, and what must hold of those blocks.</summary>
internal sealed class ProcessorLine : IDisposable
{
    // Small, so that windows cost little and wrap around.
    private const int WindowSpans = 128;
    private const int LongestCheckedRows = 4096;

    private readonly RecordingClickHouse _server = new();
    private readonly HttpClient _http;
    private readonly ClickHouseClient _client;
    private readonly StillClock _clock = new();
    private readonly PriceBook _book = ReadPrices();
    private readonly AttributeKeys _keys = new();
    private readonly SpanBatch _batch;
    private readonly NormalizeStage _normalize;
    private readonly IStage[] _after;
    private readonly BatchWriter _spanWriter;
    private readonly SpanBatch _logBatch;
    private readonly LogWork _logs;
    private readonly DeadLetterWork _deadLetters;

    public ProcessorLine()
    {
        _http = new HttpClient(_server);
        _client = new ClickHouseClient(_http, new ClickHouseOptions());
        _normalize = new NormalizeStage(_keys);
        var messages = new CallMessages(_keys);
        _after = [new CountTokensStage(messages), new TimeStage(_clock), new PriceStage(() => _book), new ScreenStage(messages, new ScreenOptions())];
        _spanWriter = new BatchWriter(Inserts(SpanLogTopics.Spans), _client, _keys, messages, 0, 1);
        _batch = new SpanBatch(_keys);
        var logKeys = new AttributeKeys();
        _logBatch = new SpanBatch(logKeys);
        _logs = new LogWork(_logBatch, new EventWriter(logKeys, Inserts(SpanLogTopics.Logs), 0, 1, _clock));
        _deadLetters = new DeadLetterWork(Inserts(SpanLogTopics.DeadLetters), 0);
    }

    /// <summary>Keys that the dialects read.</summary>
    public IReadOnlyList<string> Keys => [.. _keys.Names];

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>
    /// A record of spans; then, for a lane that remembers it, the same record again, of which nothing may be written; then the record replayed under the decisions
    /// of its first time, which must give the same rows.
    /// </summary>
    public void RunSpans(ReadOnlyMemory<byte> record, bool again, bool replay)
    {
        var window = new TraceWindow(WindowSpans, 7);
        if (Write(window, record, null) is not { } first)
        {
            return;
        }

        CheckSpanRows(first);
        if (again && first.Count <= WindowSpans && Write(window, record, null) is { Blocks.Count: > 0 } second)
        {
            throw new FuzzFailureException($"a record that came again is written again, into {second.Blocks[0].Table}");
        }

        if (replay && Write(new TraceWindow(WindowSpans, 7), record, first.Decisions) is { } replayed)
        {
            CheckSame(first.Blocks, replayed.Blocks);
        }
    }

    /// <summary>A record of log records.</summary>
    public void RunLogs(ReadOnlyMemory<byte> record) => RunWork(_logs, record);

    /// <summary>A record of the dead-letter topic.</summary>
    public void RunDeadLetter(ReadOnlyMemory<byte> record)
    {
        RunWork(_deadLetters, record);
        if (_server.Inserts is not [("dead_letters", var block)] || ClickHouseResult.Decode(block).Rows.Count != 1)
        {
            throw new FuzzFailureException("a dead letter is not one row");
        }
    }

    private void RunWork(IBatchWork work, ReadOnlyMemory<byte> record)
    {
        work.Clear();
        _server.Inserts.Clear();
        if (work.Decode(record, 0) is not null)
        {
            return;
        }

        work.WriteAsync(new NotedRange(0, 1), 1, null, CancellationToken.None).GetAwaiter().GetResult();
        foreach ((string table, byte[] block) in _server.Inserts)
        {
            CheckValues(table, ClickHouseResult.Decode(block));
        }
    }

    private LineBatch? Write(TraceWindow window, ReadOnlyMemory<byte> record, string? noted)
    {
        var line = new StageLine(_batch, _normalize, new AttributeStage(window), _after, _spanWriter);
        using var work = new SpanWork(line, window, new WindowLoader(_client, new WindowOptions(), _clock), _spanWriter);
        work.Clear();
        _server.Inserts.Clear();
        if (work.Decode(record, 0) is not null)
        {
            return null;
        }

        var range = new NotedRange(0, 1);
        work.WriteAsync(range, 1, noted is null ? null : range with { Decisions = noted }, CancellationToken.None).GetAwaiter().GetResult();
        return new LineBatch([.. _server.Inserts], line.Decisions.ToString(), line.Count, line.Decisions.Duplicates);
    }

    private static void CheckSpanRows(LineBatch batch)
    {
        int kept = batch.Count - batch.Duplicates;
        int written = 0;
        foreach ((string table, byte[] block) in batch.Blocks)
        {
            ClickHouseResult rows = ClickHouseResult.Decode(block);
            written += table is "llm_calls" or "llm_spans" ? rows.Rows.Count : 0;
            CheckValues(table, rows);
        }

        if (written != kept)
        {
            throw new FuzzFailureException($"{kept} spans were kept, {written} rows were written");
        }
    }

    // A sum over one NaN is NaN, and a column that promises JSON breaks every query that reads it as JSON.
    private static void CheckValues(string table, ClickHouseResult result)
    {
        string[] numbers = [.. result.Columns.Where(c => c.TypeName.Contains("Float64", StringComparison.Ordinal)).Select(c => c.Name)];
        string[] texts = table == "llm_content" ? ["system_instructions", "input_messages", "output_messages", "tool_definitions"] : [];
        foreach (ClickHouseRow row in result.Rows.Take(LongestCheckedRows))
        {
            foreach (string number in numbers)
            {
                if (!row.IsNull(number) && !double.IsFinite(row.GetDouble(number)))
                {
                    throw new FuzzFailureException($"{table}.{number} is {row.GetDouble(number)}");
                }
            }

            foreach (string text in texts)
            {
                CheckJson(table, text, row.GetBytes(text));
            }
        }
    }

    private static void CheckJson(string table, string column, ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return;
        }

        try
        {
            using JsonDocument _ = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        }
        catch (JsonException e)
        {
            throw new FuzzFailureException($"{table}.{column} is not JSON: {e.Message}", e);
        }

        if (!System.Text.Unicode.Utf8.IsValid(json.Span))
        {
            throw new FuzzFailureException($"{table}.{column} is not UTF-8");
        }
    }

    private static void CheckSame(List<(string Table, byte[] Block)> first, List<(string Table, byte[] Block)> second)
    {
        if (first.Count != second.Count)
        {
            throw new FuzzFailureException($"{first.Count} blocks became {second.Count} when replayed");
        }

        for (int i = 0; i < first.Count; i++)
        {
            if (first[i].Table != second[i].Table || !first[i].Block.AsSpan().SequenceEqual(second[i].Block))
            {
                throw new FuzzFailureException($"the rows of {first[i].Table} differ when replayed");
            }
        }
    }

    private LaneInserts Inserts(string topic) => new(new FixedLane(topic), LaneClaim.Exclusive, _client, new BatchNotes(_client, "fuzz"), NullLogger.Instance, _clock);

    private static PriceBook ReadPrices() => PriceBook.Parse(
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "prices"), "*.json").Order(StringComparer.Ordinal)
            .Select(f => (Path.GetFileName(f), (ReadOnlyMemory<byte>)File.ReadAllBytes(f))),
    ]);

    private sealed record LineBatch(List<(string Table, byte[] Block)> Blocks, string Decisions, int Count, int Duplicates);
}
