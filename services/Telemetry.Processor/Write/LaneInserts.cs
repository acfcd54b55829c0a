using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Write;

/// <summary>
/// Inserts of one lane, each exactly once: every block goes under a token that names table and range. Whatever ClickHouse refuses is tried again until it
/// takes it; see docs/decisions/0040.
/// </summary>
internal sealed partial class LaneInserts(ISpanLogLane lane, LaneClaim claim, ClickHouseClient client, BatchNotes notes, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private volatile string? _problem;

    /// <summary>Why the last attempt failed; null when writing goes well.</summary>
    public string? Problem => _problem;

    /// <summary>Notes a range before anything of it is inserted.</summary>
    /// <exception cref="LaneOvertakenException">Another Processor has the partition; nothing of the range may be inserted.</exception>
    /// <param name="range">The range.</param>
    /// <param name="records">Records in it.</param>
    /// <param name="calls">Rows for <c>llm_calls</c>.</param>
    /// <param name="spans">Rows for <c>llm_spans</c>.</param>
    /// <param name="isNoted">Whether it was noted before a restart. It is noted again under the claim at hand, so that no late note of an earlier claim outweighs it.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task NoteAsync(NotedRange range, int records, int calls, int spans, bool isNoted, CancellationToken cancellation) => isNoted && lane.IsExclusive
        ? Task.CompletedTask
        : RetryAsync("note the batch", () => notes.NoteAsync(lane, claim, range, records, calls, spans, cancellation), cancellation);

    /// <summary>Inserts a block; one without rows sends nothing.</summary>
    /// <param name="table">The table.</param>
    /// <param name="block">The rows.</param>
    /// <param name="range">Their range in the log.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="what">What the token names, where a table gets a second block of a range; the table when null.</param>
    public Task InsertAsync(string table, NativeBlock block, NotedRange range, CancellationToken cancellation, string? what = null) => block.RowCount == 0
        ? Task.CompletedTask
        : RetryAsync($"insert into {table}", () => client.InsertAsync(table, block, Token(what ?? table, range), cancellation), cancellation);

    /// <summary>The token of a range's block for a table or another purpose.</summary>
    public string Token(string what, NotedRange range) => $"{what}/{lane.Topic}/{lane.Partition}/{lane.LogId}/{range.First}-{range.Next}";

    /// <summary>Tries until ClickHouse takes it.</summary>
    public async Task RetryAsync(string what, Func<Task> attempt, CancellationToken cancellation)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            try
            {
                await attempt();
                _problem = null;
                return;
            }
            catch (ClickHouseException e)
            {
                _problem = $"cannot {what}: {e.Message}";
                ProcessorMetrics.WriteRetries.Add(1);
                LogRetry(lane.Topic, lane.Partition, what, pause.TotalSeconds, e.Message);
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Topic}/{Partition}: cannot {What}, trying again in {Seconds} s: {Reason}")]
    private partial void LogRetry(string topic, int partition, string what, double seconds, string reason);
}
