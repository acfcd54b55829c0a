using System.Buffers;

namespace Telemetry.Keys;

/// <summary>Names of tenants: letters, digits, dot, hyphen and underscore, at most 64, a letter or digit first. Never a path, never SQL.</summary>
public static class TenantName
{
    /// <summary>The tenant of everything that names none.</summary>
    public const string Default = "default";

    /// <summary>Most characters.</summary>
    public const int Longest = 64;

    /// <summary>What is allowed, for people.</summary>
    public const string Allowed = "allowed: 1 to 64 letters, digits, dots, hyphens and underscores, a letter or digit first";

    private static readonly SearchValues<char> s_characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether a text is a tenant's name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(name[0]) && !name.ContainsAnyExcept(s_characters);
}
