using System.Globalization;
using Telemetry.ClickHouse.Client;

namespace Telemetry.CommandLine.DeadLetters;

/// <summary>One dead letter as it stands in ClickHouse.</summary>
internal sealed record StoredLetter(string Id, DateTimeOffset At, string Topic, int Partition, long Offset, string Reason, long Bytes, DateTimeOffset? ReplayedAt, byte[]? Record);

/// <summary>Reads dead letters, and notes what became of them.</summary>
internal sealed class DeadLetterStore(ClickHouseClient client)
{
    private const string LargeMark = "large-";

    private const string Columns =
        """
        SELECT letter.log_partition AS p, letter.log_offset AS o, letter.at AS put_aside, topic, partition, offset, reason, length(letter.record) AS bytes, replayed.last AS replayed_at
        """;

    private const string Joined =
        """
        FROM dead_letters_now AS letter
        LEFT JOIN (SELECT log_partition, log_offset, toNullable(max(at)) AS last FROM dead_letter_replays WHERE accepted GROUP BY log_partition, log_offset) AS replayed
            ON replayed.log_partition = letter.log_partition AND replayed.log_offset = letter.log_offset
        """;

    /// <summary>The letters put aside since a moment, oldest first.</summary>
    public async Task<IReadOnlyList<StoredLetter>> ListAsync(DateTimeOffset since, bool openOnly, int most, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            $"{Columns} {Joined} WHERE letter.at >= {{since:DateTime64(3)}} {(openOnly ? "AND replayed.last IS NULL" : "")} ORDER BY letter.at, p, o LIMIT {{most:UInt32}}",
            new Dictionary<string, object?> { ["since"] = since, ["most"] = most }, cancellation);
        return [.. result.Rows.Select(r => Read(r, null))];
    }

    /// <summary>One letter with its record; null when there is none of that id.</summary>
    public async Task<StoredLetter?> FindAsync(string id, CancellationToken cancellation)
    {
        if (!TryParse(id, out int partition, out long offset))
        {
            return null;
        }

        ClickHouseResult result = await client.QueryAsync(
            $"{Columns}, letter.record AS record {Joined} WHERE letter.log_partition = {{p:Int32}} AND letter.log_offset = {{o:Int64}} LIMIT 1",
            new Dictionary<string, object?> { ["p"] = partition, ["o"] = offset }, cancellation);
        return result.Rows.Count == 0 ? null : Read(result.Rows[0], result.Rows[0].GetBytes("record").ToArray());
    }

    /// <summary>Notes that a letter was sent again.</summary>
    public Task NoteAsync(string id, bool accepted, string answer, CancellationToken cancellation)
    {
        _ = TryParse(id, out int partition, out long offset);
        return client.ExecuteAsync(
            "INSERT INTO dead_letter_replays (log_partition, log_offset, accepted, answer) SELECT {p:Int32}, {o:Int64}, {accepted:Bool}, {answer:String}",
            new Dictionary<string, object?> { ["p"] = partition, ["o"] = offset, ["accepted"] = accepted, ["answer"] = answer }, cancellation);
    }

    private static StoredLetter Read(ClickHouseRow row, byte[]? record) => new(
        IdOf((int)row.GetInt64("p"), row.GetInt64("o")), row.GetDateTime("put_aside"), row.GetString("topic"),
        (int)row.GetInt64("partition"), row.GetInt64("offset"), row.GetString("reason"), (long)row.GetUInt64("bytes"),
        row.IsNull("replayed_at") ? null : row.GetDateTime("replayed_at"), record);

    // A letter that never stood in the dead-letter topic has a partition below zero; a leading minus would be an option on the command line.
    private static string IdOf(int partition, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{(partition < 0 ? LargeMark : "")}{Math.Abs(partition)}-{offset}");

    private static bool TryParse(string id, out int partition, out long offset)
    {
        offset = 0;
        bool isLarge = id.StartsWith(LargeMark, StringComparison.Ordinal);
        string[] parts = id[(isLarge ? LargeMark.Length : 0)..].Split('-', 2);
        bool isId = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out partition)
            && parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out offset);
        partition = isLarge ? -partition : partition;
        return isId;
    }
}
