using System.Text;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Write;

/// <summary>Small helpers to append texts and tags to columns.</summary>
internal static class RowText
{
    private const int MostTags = 32;
    private const int LongestTag = 256;
    private const int LongestName = 1024;

    /// <summary>Appends a .NET text as UTF-8.</summary>
    public static void AppendText(this LowCardinalityStringColumn column, string text)
    {
        Span<byte> utf8 = stackalloc byte[LongestName];
        column.Append(Encoding.UTF8.TryGetBytes(text, utf8, out int written) ? utf8[..written] : Encoding.UTF8.GetBytes(text[..(LongestName / 4)]));
    }

    /// <summary>Appends a list of flags as one row.</summary>
    public static void AppendRow(this LowCardinalityStringArrayColumn column, List<string> texts)
    {
        Span<byte> utf8 = stackalloc byte[LongestTag];
        foreach (string text in texts)
        {
            column.Append(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        }

        column.EndRow();
    }

    /// <summary>Appends the span's free attributes as one row: short scalar values, a bounded number.</summary>
    public static void AppendRow(this StringMapColumn column, AttributeSet attributes)
    {
        Span<byte> number = stackalloc byte[32];
        int count = 0;
        foreach ((ReadOnlyMemory<byte> key, AttributeValue value) in attributes.Others)
        {
            if (count == MostTags)
            {
                break;
            }

            int written = 0;
            ReadOnlySpan<byte> text = value.Kind switch
            {
                ValueKind.Text => value.Text,
                ValueKind.Bool => value.IntegerValue != 0 ? "true"u8 : "false"u8,
                ValueKind.Integer when value.IntegerValue.TryFormat(number, out written) => number[..written],
                ValueKind.Double when value.DoubleValue.TryFormat(number, out written) => number[..written],
                _ => default,
            };
            if (text.Length is > 0 and <= LongestTag && key.Length is > 0 and <= LongestTag)
            {
                column.Append(key.Span, text);
                count++;
            }
        }

        column.EndRow();
    }
}
