using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Telemetry.Hosting.Observability;

/// <summary>
/// The one meter and the one activity source that every part reports to. Instruments are created by the parts, named
/// <c>telemetry.{part}.{what}</c> with OpenTelemetry units; the table of all names stands in <c>docs/operations.md</c>.
/// </summary>
public static class TelemetryMeter
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Telemetry";

    /// <summary>The meter.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>Our own traces: one activity a batch or request, never one a span.</summary>
    public static ActivitySource Activities { get; } = new(Name);
}
