using System.Globalization;

namespace Telemetry.Processor.Attribution;

/// <summary>A trace of one tenant. Nobody can have spans of another tenant taken for their own by sending its ids.</summary>
/// <param name="Id">Trace id.</param>
/// <param name="Tenant">The tenant as a number; 0 for the default one.</param>
internal readonly record struct TenantTrace(UInt128 Id, ulong Tenant)
{
    /// <summary>The trace of the default tenant.</summary>
    public static implicit operator TenantTrace(UInt128 id) => new(id, 0);

    /// <summary>The id in lower-case hex.</summary>
    public override string ToString() => Id.ToString("x32", CultureInfo.InvariantCulture);
}
