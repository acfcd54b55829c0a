using System.ComponentModel.DataAnnotations;
using Telemetry.Hosting.Configuration;

namespace Telemetry.Hosting.Health;

/// <summary>The port for health checks, section <c>Telemetry:Operations</c>.</summary>
public sealed class OperationsOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Telemetry:Operations";

    /// <summary>Address to listen on: an IP address, or * for all. Loopback unless asked for more.</summary>
    [BindAddress]
    public string BindAddress { get; set; } = "127.0.0.1";

    /// <summary>Port of /healthz and /readyz; 0 takes any free one.</summary>
    [Range(0, 65535, ErrorMessage = "allowed: 0 to 65535")]
    public int Port { get; set; } = 8080;
}
