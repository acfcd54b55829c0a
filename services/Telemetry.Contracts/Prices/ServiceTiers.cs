namespace Telemetry.Contracts.Prices;

/// <summary>Names of service tiers. Any other name is a tier of its own, which a model has prices for or not.</summary>
public static class ServiceTiers
{
    /// <summary>List price.</summary>
    public const string Standard = "standard";

    private static readonly string[] StandardNames = ["", Standard, "default", "auto", "on_demand", "standard_only"];

    /// <summary>A span's value in the book's spelling: trimmed, lower case, the providers' names of the standard tier as <see cref="Standard"/>.</summary>
    public static string Normalize(string? tier)
    {
        if (string.IsNullOrEmpty(tier))
        {
            return Standard;
        }

        foreach (string name in StandardNames)
        {
            if (string.Equals(tier, name, StringComparison.OrdinalIgnoreCase))
            {
                return Standard;
            }
        }

        string trimmed = tier.Trim().ToLowerInvariant();
        return StandardNames.Contains(trimmed) ? Standard : trimmed;
    }
}
