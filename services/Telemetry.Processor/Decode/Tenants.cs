using System.Text;
using Telemetry.Contracts.Hashing;

namespace Telemetry.Processor.Decode;

/// <summary>Names of tenants as records carry them.</summary>
internal static class Tenants
{
    private const int Longest = 64;

    /// <summary>The tenant of records that name none, unless the settings say otherwise.</summary>
    public static ReadOnlyMemory<byte> Default { get; } = "default"u8.ToArray();

    /// <summary>Whether a name is one: letters, digits, dot, hyphen and underscore, a letter or digit first.</summary>
    public static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > Longest || !char.IsAsciiLetterOrDigit((char)name[0]))
        {
            return false;
        }

        foreach (byte b in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'.' or (byte)'-' or (byte)'_'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A tenant as a number; 0 for the default one. Names are chosen by whoever runs this, not by who sends, so equal numbers are not to be feared.</summary>
    public static ulong Hash(ReadOnlySpan<byte> name) => name.SequenceEqual(Default.Span) ? 0 : ByteHash.Of(name);

    /// <summary>The same of a text.</summary>
    public static ulong Hash(string name) => Hash(Encoding.UTF8.GetBytes(name));
}
