namespace Telemetry.SpanLog;

/// <summary>What both logs check before they take an append.</summary>
internal static class AppendChecks
{
    /// <summary>The refusal of a record that can never be appended; null when all of them can.</summary>
    public static AppendResult? Refusal(ReadOnlySpan<SpanLogAppend> records, int partitions, int maxRecordBytes)
    {
        foreach (SpanLogAppend record in records)
        {
            if (record.Value.Length > maxRecordBytes)
            {
                return AppendResult.Refused(
                    $"a record of {record.Value.Length} bytes is larger than the {maxRecordBytes} bytes that Telemetry:SpanLog:MaxRecordBytes allows");
            }

            if (record.Value.IsEmpty)
            {
                return AppendResult.Refused("a record must not be empty");
            }

            if ((uint)record.Partition >= (uint)partitions)
            {
                return AppendResult.Refused($"partition {record.Partition} is not one of 0 to {partitions - 1}");
            }
        }

        return null;
    }
}
