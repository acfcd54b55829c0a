using Telemetry.Processor.Decode;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Consume;

/// <summary>
/// Dead letters that the log does not take, because somebody else wrote larger records to it than this Processor may: they go to <c>dead_letters</c> at once, whole.
/// </summary>
internal sealed class LargeLetters(ISpanLogLane lane, LaneInserts inserts)
{
    /// <summary>Why the last attempt failed; null when writing goes well.</summary>
    public string? Problem => inserts.Problem;

    /// <summary>Inserts the letter once, however often the record is decoded; tries until ClickHouse takes it.</summary>
    public Task KeepAsync(DeadLetter letter, CancellationToken cancellation)
    {
        var rows = new DeadLetterRows(Place(lane.Topic, lane.Partition));
        rows.Append(letter, letter.Offset);
        return inserts.InsertAsync("dead_letters", rows.Block, new NotedRange(letter.Offset, letter.Offset + 1), cancellation);
    }

    // A place below zero is none of the dead-letter topic. With the offset it is the letter's id, so the topics must not share it.
    private static int Place(string topic, int partition) => -1 - (2 * partition) - (topic == SpanLogTopics.Logs ? 1 : 0);
}
