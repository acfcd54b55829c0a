using System.ComponentModel.DataAnnotations;

namespace Telemetry.Query;

/// <summary>What one question may cost, so that no page and no reader can stop the pipeline.</summary>
public sealed class QueryOptions
{
    /// <summary>Longest run of one statement.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "allowed: 00:00:01 to 00:10:00")]
    public TimeSpan MaxExecutionTime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Most memory of one statement in the engine, in bytes.</summary>
    [Range(16L << 20, 1L << 40, ErrorMessage = "allowed: 16777216 (16 MiB) to 1099511627776 bytes")]
    public long MaxMemoryBytes { get; set; } = 512L << 20;

    /// <summary>Most rows that one statement may read from tables.</summary>
    [Range(1_000_000L, 1_000_000_000_000L, ErrorMessage = "allowed: 1000000 to 1000000000000")]
    public long MaxRowsToRead { get; set; } = 2_000_000_000;

    /// <summary>Most rows of an export, and of a statement that people wrote; a JSON answer has at most 10,000.</summary>
    [Range(1, 100_000_000, ErrorMessage = "allowed: 1 to 100000000")]
    public int MaxExportRows { get; set; } = 1_000_000;

    /// <summary>Statements that run at the same time; others wait.</summary>
    [Range(1, 256, ErrorMessage = "allowed: 1 to 256")]
    public int MaxConcurrent { get; set; } = 8;

    /// <summary>How long a statement waits for its turn before the question is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "allowed: 00:00:00 to 00:01:00")]
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
