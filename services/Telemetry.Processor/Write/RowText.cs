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
    private const int LongestMetadata = 16 * 1024;

    // Content in flat keys has its own table.
    private static readonly byte[][] ContentPrefixes =
    [
        .. ((string[])
        [
            "gen_ai.prompt.", "gen_ai.completion.", "llm.input_messages.", "llm.output_messages.", "llm.tools.", "llm.prompts.", "llm.choices.", "llm.request.functions.",
            "retrieval.documents.", "embedding.embeddings.", "reranker.", "input.", "output.", "ai.prompt", "ai.response.", "ai.request.headers.",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Appends a .NET text as UTF-8; null as empty.</summary>
    public static void AppendText(this LowCardinalityStringColumn column, string? text)
    {
        text ??= "";
        const int MostBytesOfChar = 4;
        column.Append(text.Length <= LongestName / MostBytesOfChar || Encoding.UTF8.GetByteCount(text) <= LongestName ? text : text[..(LongestName / MostBytesOfChar)]);
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

    /// <summary>Appends a list of labels as one row: a bounded number of bounded texts.</summary>
    public static void AppendRow(this LowCardinalityStringArrayColumn column, List<ReadOnlyMemory<byte>> texts)
    {
        for (int i = 0; i < texts.Count && i < MostTags; i++)
        {
            column.Append(texts[i].Span[..Math.Min(texts[i].Length, LongestTag)]);
        }

        column.EndRow();
    }

    /// <summary>Appends a JSON object of metadata; anything else, and a very long one, as empty.</summary>
    public static void AppendMetadata(this StringColumn column, AttributeValue metadata)
    {
        ReadOnlySpan<byte> text = metadata.Text;
        column.Append(text.Length is > 0 and <= LongestMetadata && text[0] == (byte)'{' && ContentRows.IsJson(text) ? text : default);
    }

    /// <summary>Appends the span's free attributes as one row: short scalar values, a bounded number.</summary>
    public static void AppendRow(this StringMapColumn column, AttributeSet attributes)
    {
        int count = 0;
        foreach ((ReadOnlyMemory<byte> key, AttributeValue value) in attributes.Others)
        {
            count += count < MostTags && TryAppend(column, key.Span, value) ? 1 : 0;
        }

        foreach ((AttributeKey key, AttributeValue value) in attributes.Known)
        {
            count += count < MostTags && attributes.Keys.IsGeneric(key) && TryAppend(column, attributes.Keys.NameOf(key).Span, value) ? 1 : 0;
        }

        column.EndRow();
    }

    private static bool TryAppend(StringMapColumn column, ReadOnlySpan<byte> key, AttributeValue value)
    {
        Span<byte> number = stackalloc byte[32];
        int written = 0;
        ReadOnlySpan<byte> text = value.Kind switch
        {
            ValueKind.Text => value.Text,
            ValueKind.Bool => value.IntegerValue != 0 ? "true"u8 : "false"u8,
            ValueKind.Integer when value.IntegerValue.TryFormat(number, out written) => number[..written],
            ValueKind.Double when value.DoubleValue.TryFormat(number, out written) => number[..written],
            _ => default,
        };
        if (text.Length is 0 or > LongestTag || key.Length is 0 or > LongestTag || IsContent(key))
        {
            return false;
        }

        column.Append(key, text);
        return true;
    }

    private static bool IsContent(ReadOnlySpan<byte> key)
    {
        foreach (byte[] prefix in ContentPrefixes)
        {
            if (key[0] == prefix[0] && key.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }
}
