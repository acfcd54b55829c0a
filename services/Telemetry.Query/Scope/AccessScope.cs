namespace Telemetry.Query.Scope;

/// <summary>Who asks: what of the data they may see, and whether they may say something. Every statement runs under one.</summary>
/// <param name="Tenants">The tenants whose rows may be seen; null for all.</param>
/// <param name="MayReadContent">Whether messages and answers may be seen.</param>
/// <param name="MayWrite">Whether incidents may be acknowledged and silenced.</param>
internal sealed record AccessScope(IReadOnlyList<string>? Tenants, bool MayReadContent, bool MayWrite)
{
    /// <summary>Under whose name something is said; null to take the name that is given.</summary>
    public string? Actor { get; init; }

    /// <summary>Everything.</summary>
    public static AccessScope All { get; } = new(null, true, true);
}
