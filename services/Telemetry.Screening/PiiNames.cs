namespace Telemetry.Screening;

/// <summary>The kinds as they are called in settings, flags, metrics and masks.</summary>
public static class PiiNames
{
    private static readonly string[] Names = ["email", "phone", "payment_card", "iban", "national_id", "ip_address", "secret"];
    private static readonly byte[][] Upper = [.. Names.Select(n => System.Text.Encoding.ASCII.GetBytes(n.ToUpperInvariant()))];

    /// <summary>All names, in the order of <see cref="PiiKind"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of a kind: lower-case, with underscores.</summary>
    public static string Name(this PiiKind kind) => Names[(int)kind];

    /// <summary>The name of a kind in capitals, as it stands in masks; ASCII.</summary>
    public static ReadOnlySpan<byte> Mask(this PiiKind kind) => Upper[(int)kind];

    /// <summary>The set that holds one kind.</summary>
    public static PiiKinds Set(this PiiKind kind) => (PiiKinds)(1 << (int)kind);

    /// <summary>The kind of a name; false when there is none of that name. Case does not matter.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out PiiKind kind)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                kind = (PiiKind)i;
                return true;
            }
        }

        kind = default;
        return false;
    }
}
