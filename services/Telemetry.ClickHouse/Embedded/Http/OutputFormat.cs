using System.Collections.Frozen;

namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>
/// How the engine can give a format: row formats can be fetched part by part, for their parts are the whole when joined; of those with a header each
/// part repeats it; all others (JSON, Parquet, Pretty...) exist only as a whole.
/// </summary>
internal static class OutputFormat
{
    private static readonly FrozenSet<string> s_joinable = FrozenSet.Create(
        StringComparer.Ordinal, "TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw", "CSV", "JSONEachRow", "JSONLines", "NDJSON", "JSONStringsEachRow", "JSONCompactEachRow",
        "JSONCompactStringsEachRow", "RowBinary", "Native", "LineAsString", "TSKV", "RawBLOB", "Null");

    private static readonly FrozenDictionary<string, int> s_headerLines = new Dictionary<string, int>
    {
        ["TabSeparatedWithNames"] = 1,
        ["TSVWithNames"] = 1,
        ["TabSeparatedWithNamesAndTypes"] = 2,
        ["TSVWithNamesAndTypes"] = 2,
        ["JSONCompactEachRowWithNames"] = 1,
        ["JSONCompactEachRowWithNamesAndTypes"] = 2,
        ["JSONCompactStringsEachRowWithNames"] = 1,
        ["JSONCompactStringsEachRowWithNamesAndTypes"] = 2,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Parts of the result can be fetched and joined.</summary>
    internal static bool CanStream(string format) => s_joinable.Contains(format) || s_headerLines.ContainsKey(format);

    /// <summary>Length of the header that a part after the first repeats.</summary>
    internal static int RepeatedHeader(string format, ReadOnlySpan<byte> part)
    {
        int length = 0;
        for (int lines = s_headerLines.GetValueOrDefault(format); lines > 0; lines--)
        {
            int end = part[length..].IndexOf((byte)'\n');
            length = end < 0 ? part.Length : length + end + 1;
        }

        return length;
    }

    /// <summary>The content type that ClickHouse sends for the format.</summary>
    internal static string ContentType(string format) => format switch
    {
        "JSONEachRow" or "JSONLines" or "NDJSON" or "JSONStringsEachRow" or "JSONEachRowWithProgress" => "application/x-ndjson; charset=UTF-8",
        _ when format.StartsWith("JSON", StringComparison.Ordinal) => "application/json; charset=UTF-8",
        _ when format.StartsWith("CSV", StringComparison.Ordinal) => "text/csv; charset=UTF-8; header=" + (format == "CSV" ? "absent" : "present"),
        _ when format.StartsWith("TabSeparated", StringComparison.Ordinal) || format.StartsWith("TSV", StringComparison.Ordinal) => "text/tab-separated-values; charset=UTF-8",
        "Native" or "RowBinary" or "Parquet" or "Arrow" or "ArrowStream" or "ORC" or "Avro" or "RawBLOB" or "MsgPack" => "application/octet-stream",
        _ when format.StartsWith("RowBinary", StringComparison.Ordinal) => "application/octet-stream",
        "XML" => "application/xml; charset=UTF-8",
        _ => "text/plain; charset=UTF-8",
    };
}
