using System.ComponentModel.DataAnnotations;
using Telemetry.Processor.Screen;

namespace Telemetry.Processor;

/// <summary>How spans are batched, priced and stored. Section <see cref="Section"/>.</summary>
public sealed class ProcessorOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:Processor";

    /// <summary>Reader group in the span log: all Processors with the same group share its partitions.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,200}$", ErrorMessage = "allowed: 1 to 200 letters, digits, dots, dashes and underscores")]
    public string Group { get; set; } = "telemetry-processor";

    /// <summary>Whose the records of the span log are that name no tenant: those of clients without keys, and of other producers on the topic.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", ErrorMessage = "allowed: 1 to 64 letters, digits, dots, hyphens and underscores, a letter or digit first")]
    [Required]
    public string DefaultTenant { get; set; } = "default";

    /// <summary>When a batch is written.</summary>
    public BatchOptions Batch { get; } = new();

    /// <summary>What is remembered of spans, to drop what exporters send again and to bill wrapped calls once.</summary>
    public WindowOptions Window { get; } = new();

    /// <summary>Prices.</summary>
    public PriceOptions Prices { get; } = new();

    /// <summary>What is looked for in every call.</summary>
    public ScreenOptions Screen { get; } = new();

    /// <summary>
    /// Share of calls whose messages are stored, chosen by trace. Those of errors, and of calls that screening flagged for more than personal data, are always stored
    /// unless it is 0, which stores none.
    /// </summary>
    [Range(0.0, 1.0, ErrorMessage = "allowed: 0 to 1")]
    public double ContentShare { get; set; } = 1;

    /// <summary>What one partition may be behind before /readyz says not ready: records with Kafka, bytes with the local log; 0 for any lag. The lag itself is always told there.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "must not be negative")]
    public long MaxLag { get; set; }
}

/// <summary>Bounds of one batch; the first one reached closes it.</summary>
public sealed class BatchOptions
{
    /// <summary>Spans.</summary>
    [Range(1, 1_000_000, ErrorMessage = "allowed: 1 to 1000000")]
    public int MaxSpans { get; set; } = 50_000;

    /// <summary>Bytes of span log records.</summary>
    [Range(1024, 1 << 28, ErrorMessage = "allowed: 1024 to 268435456")]
    public int MaxBytes { get; set; } = 32 << 20;

    /// <summary>
    /// Age since its first record was read: how long a span waits at most before it is written. Each batch costs ClickHouse some tens of milliseconds of CPU
    /// whatever it holds, so a lower age costs a quiet system most.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00", ErrorMessage = "allowed: 00:00:00.01 to 00:01:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMilliseconds(800);
}

/// <summary>Bounds of what is remembered of spans, for each partition.</summary>
public sealed class WindowOptions
{
    /// <summary>Spans remembered for each partition, about 170 bytes each; at least twice a batch is kept whatever this says.</summary>
    [Range(1000, 50_000_000, ErrorMessage = "allowed: 1000 to 50000000")]
    public int MaxSpans { get; set; } = 100_000;

    /// <summary>How far back ClickHouse is asked for spans, at most, when a partition is assigned; less where fewer fill the window.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "allowed: 00:00:00 to 1.00:00:00")]
    public TimeSpan RefillAge { get; set; } = TimeSpan.FromDays(1);
}

/// <summary>Where prices come from.</summary>
public sealed class PriceOptions
{
    /// <summary>Directory of the price files; the ones shipped with the program when empty.</summary>
    public string Path { get; set; } = "";

    /// <summary>Price file, or directory of price files, laid over the shipped ones; none when empty. Changes are picked up while running.</summary>
    public string OverridePath { get; set; } = "";
}
