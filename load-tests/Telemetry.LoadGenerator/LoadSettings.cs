using Telemetry.LoadGenerator.Payload;

namespace Telemetry.LoadGenerator;

/// <summary>Which process is started, if any.</summary>
internal enum TargetName
{
    /// <summary>None: something is running already.</summary>
    Attached,

    /// <summary>Everything in one process.</summary>
    AllInOne,

    /// <summary>A Collector alone.</summary>
    Collector,
}

/// <summary>How requests travel.</summary>
internal enum ProtocolName
{
    /// <summary>OTLP/gRPC.</summary>
    Grpc,

    /// <summary>OTLP/HTTP with protobuf.</summary>
    Http,

    /// <summary>OTLP/HTTP with JSON.</summary>
    Json,
}

/// <summary>What is loaded.</summary>
internal sealed record TargetSettings
{
    /// <summary>What is started.</summary>
    public TargetName Name { get; init; }

    /// <summary>A started Collector writes to a real Kafka broker instead of to the local log.</summary>
    public bool Kafka { get; init; }

    /// <summary>Partitions of the span log; 0 for what the service takes by itself.</summary>
    public int Partitions { get; init; }

    /// <summary>Directory in which a started process gets one of its own, which is removed afterwards.</summary>
    public string Data { get; init; } = Path.GetTempPath();

    /// <summary>More settings of a started process, such as <c>Processor:ContentShare=0</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>OTLP/gRPC of a running target.</summary>
    public Uri? Grpc { get; init; }

    /// <summary>OTLP/HTTP of a running target.</summary>
    public Uri? Http { get; init; }

    /// <summary>ClickHouse of a running target; null when counts cannot be verified.</summary>
    public Uri? ClickHouse { get; init; }

    /// <summary>Processes of a running target whose CPU and memory are watched.</summary>
    public IReadOnlyList<int> Processes { get; init; } = [];
}

/// <summary>How requests are sent.</summary>
internal sealed record SendSettings
{
    /// <summary>Protocol.</summary>
    public ProtocolName Protocol { get; init; }

    /// <summary>Compressed.</summary>
    public bool Gzip { get; init; }

    /// <summary>Connections (OTLP/gRPC) or clients (OTLP/HTTP).</summary>
    public int Connections { get; init; } = 2;

    /// <summary>Requests in flight on each, in saturate phases.</summary>
    public int InFlight { get; init; } = 8;

    /// <summary>Longest wait for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>A run.</summary>
internal sealed record LoadSettings
{
    /// <summary>What is loaded.</summary>
    public required TargetSettings Target { get; init; }

    /// <summary>How.</summary>
    public required SendSettings Send { get; init; }

    /// <summary>With what.</summary>
    public required PayloadSettings Payload { get; init; }

    /// <summary>Spans a second of an open-loop phase; 0 saturates.</summary>
    public double Rate { get; init; }

    /// <summary>Length of the first phase.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Saturation beforehand that is not counted.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Share of the first phase's spans a second at which a paced phase follows; 0 for none.</summary>
    public double ThenShare { get; init; }

    /// <summary>Length of that phase.</summary>
    public TimeSpan ThenDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most spans that are acknowledged and not yet visible, in saturate phases; 0 for no bound.</summary>
    public long Backlog { get; init; }

    /// <summary>Measures, in paced phases, how soon acknowledged calls are visible.</summary>
    public bool Freshness { get; init; }

    /// <summary>Longest wait until everything is visible.</summary>
    public TimeSpan DrainBound { get; init; } = TimeSpan.FromMinutes(5);
}
