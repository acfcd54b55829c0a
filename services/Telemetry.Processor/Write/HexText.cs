using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.Processor.Write;

/// <summary>Ids as lower-case hex text.</summary>
internal static class HexText
{
    private const int LongestId = 64;

    /// <summary>Appends an id; an absent one as empty text.</summary>
    public static void AppendHex(this StringColumn column, ReadOnlySpan<byte> id)
    {
        Span<byte> text = stackalloc byte[LongestId * 2];
        Convert.TryToHexStringLower(id.Length <= LongestId ? id : id[..LongestId], text, out int written);
        column.Append(text[..written]);
    }
}
