using System.ComponentModel.DataAnnotations;
using Telemetry.Collector.Authenticate;
using Telemetry.Collector.Redact;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Tls;

namespace Telemetry.Collector;

/// <summary>Where the Collector listens and what it takes. Section <see cref="Section"/>.</summary>
public sealed class CollectorOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:Collector";

    /// <summary>Address to listen on: an IP address, or * for all. Loopback unless asked for more, which needs ingest keys.</summary>
    [BindAddress]
    public string BindAddress { get; set; } = "127.0.0.1";

    /// <summary>OTLP/gRPC.</summary>
    public PortOptions Grpc { get; } = new() { Port = 4317 };

    /// <summary>OTLP/HTTP.</summary>
    public PortOptions Http { get; } = new() { Port = 4318 };

    /// <summary>Keeps spans without GenAI attributes too, instead of counting them and letting them go.</summary>
    public bool KeepAllSpans { get; set; }

    /// <summary>What is taken out of texts before they reach the span log.</summary>
    public RedactOptions Redact { get; } = new();

    /// <summary>TLS on both ports.</summary>
    public TlsServerOptions Tls { get; } = new();

    /// <summary>Who may send.</summary>
    public KeyOptions Keys { get; } = new();

    /// <summary>What each tenant may send.</summary>
    public TenantLimitOptions Tenants { get; } = new();

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

    /// <summary>Bytes of all request bodies being worked on and of the records made of them. Over it: HTTP 429, gRPC RESOURCE_EXHAUSTED with a retry delay.</summary>
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

    /// <summary>Bytes of resource and scope together, which every record of the span log repeats. Spans over it are rejected through partial_success.</summary>
    [Range(64, 1 << 20, ErrorMessage = "allowed: 64 to 1048576")]
    public int MaxResourceBytes { get; set; } = 64 << 10;

    /// <summary>Spans or log records of one request. Over it: HTTP 400, gRPC INVALID_ARGUMENT.</summary>
    [Range(1, 10_000_000, ErrorMessage = "allowed: 1 to 10000000")]
    public int MaxItems { get; set; } = 200_000;

    /// <summary>Connections open at once on each port; further ones are closed at once, which clients retry. An idle one costs some 20 KiB and a file descriptor.</summary>
    [Range(1, 1_000_000, ErrorMessage = "allowed: 1 to 1000000")]
    public long MaxConnections { get; set; } = 20_000;

    /// <summary>HTTP/2 streams open at once on one connection; clients queue further calls themselves.</summary>
    [Range(1, 10_000, ErrorMessage = "allowed: 1 to 10000")]
    public int MaxStreamsPerConnection { get; set; } = 100;

    /// <summary>How long the headers of a request may take. After it: HTTP 408 or the end of the HTTP/2 connection, both retried by clients.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "allowed: 00:00:01 to 00:10:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request body may take, so that no slow client holds memory or a shutdown for long. After it: HTTP 503, gRPC UNAVAILABLE. Below Telemetry:Service:ShutdownTimeout.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00", ErrorMessage = "allowed: 00:00:00.1 to 00:10:00")]
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Slowest request body that is waited for, in bytes a second after the first five seconds; 0 leaves it to BodyTimeout alone. Below it: as after BodyTimeout; on HTTP/2 the connection ends.</summary>
    [Range(0, 1 << 30, ErrorMessage = "allowed: 0 to 1073741824")]
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>How long a connection may do nothing before it is closed. Above the interval at which exporters send, or each export opens a new one.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "allowed: 00:00:01 to 1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Silence after which an HTTP/2 connection is asked whether it still lives.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "allowed: 00:00:01 to 1.00:00:00")]
    public TimeSpan PingDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer to that may take before the connection is closed: its far side is gone.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "allowed: 00:00:01 to 01:00:00")]
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest wait for the span log when the client names no deadline. After it: HTTP 503, gRPC UNAVAILABLE.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00", ErrorMessage = "allowed: 00:00:00.1 to 00:10:00")]
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Back-off hint of retryable refusals.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "allowed: 00:00:01 to 00:10:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(2);
}
