using System.ComponentModel.DataAnnotations;
using Telemetry.Hosting.Configuration;

namespace Telemetry.Collector;

/// <summary>Where the Collector listens and what it takes. Section <see cref="Section"/>.</summary>
public sealed class CollectorOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:Collector";

    /// <summary>Address to listen on: an IP address, or * for all. Loopback unless asked for more, because nobody is authenticated yet.</summary>
    [BindAddress]
    public string BindAddress { get; set; } = "127.0.0.1";

    /// <summary>OTLP/gRPC.</summary>
    public PortOptions Grpc { get; } = new() { Port = 4317 };

    /// <summary>OTLP/HTTP.</summary>
    public PortOptions Http { get; } = new() { Port = 4318 };

    /// <summary>Keeps spans without GenAI attributes too, instead of counting them and letting them go.</summary>
    public bool KeepAllSpans { get; set; }

    /// <summary>What one request, and all requests together, may take.</summary>
    public CollectorLimits Limits { get; } = new();
}

/// <summary>One listening port.</summary>
public sealed class PortOptions
{
    /// <summary>Port number; 0 takes any free one.</summary>
    [Range(0, 65535, ErrorMessage = "allowed: 0 to 65535")]
    public int Port { get; set; }
}

/// <summary>Bounds on what the network may ask of the Collector.</summary>
public sealed class CollectorLimits
{
    /// <summary>Bytes of one request body as sent. Over it: HTTP 413, gRPC RESOURCE_EXHAUSTED, not to be retried.</summary>
    [Range(1024, 1 << 27, ErrorMessage = "allowed: 1024 to 134217728")]
    public int MaxBodyBytes { get; set; } = 16 << 20;

    /// <summary>Bytes of one request body after decompression (OTLP specification: 64 MiB recommended). Over it: as above.</summary>
    [Range(1024, 1 << 27, ErrorMessage = "allowed: 1024 to 134217728")]
    public int MaxDecompressedBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of all request bodies being worked on. Over it: HTTP 429, gRPC RESOURCE_EXHAUSTED with a retry delay.</summary>
    [Range(1 << 20, 1L << 40, ErrorMessage = "allowed: 1048576 to 1099511627776")]
    public long MaxInFlightBytes { get; set; } = 256L << 20;

    /// <summary>Nesting of attribute values. A span over it is rejected through partial_success.</summary>
    [Range(1, 100, ErrorMessage = "allowed: 1 to 100")]
    public int MaxDepth { get; set; } = 32;

    /// <summary>Attributes of one span, its events' and links' included. A span over it is rejected through partial_success.</summary>
    [Range(1, 100_000, ErrorMessage = "allowed: 1 to 100000")]
    public int MaxAttributes { get; set; } = 4096;

    /// <summary>Bytes of one attribute, key and value. A span over it is rejected through partial_success.</summary>
    [Range(16, 1 << 26, ErrorMessage = "allowed: 16 to 67108864")]
    public int MaxAttributeBytes { get; set; } = 512 << 10;

    /// <summary>Spans or log records of one request. Over it: HTTP 400, gRPC INVALID_ARGUMENT.</summary>
    [Range(1, 10_000_000, ErrorMessage = "allowed: 1 to 10000000")]
    public int MaxItems { get; set; } = 200_000;

    /// <summary>Connections open at once on each port.</summary>
    [Range(1, 1_000_000, ErrorMessage = "allowed: 1 to 1000000")]
    public long MaxConnections { get; set; } = 20_000;

    /// <summary>Longest wait for the span log when the client names no deadline. After it: HTTP 503, gRPC UNAVAILABLE.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00", ErrorMessage = "allowed: 00:00:00.1 to 00:10:00")]
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Back-off hint of retryable refusals.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "allowed: 00:00:01 to 00:10:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(2);
}
