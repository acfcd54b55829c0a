using System.Text;

namespace Telemetry.Fuzz.Seeds;

/// <summary>A request to the ClickHouse front as an input: a line with the URL's parameters, lines with headers, an empty line, the body.</summary>
/// <param name="Query">The URL's parameters, as they stand in the URL.</param>
/// <param name="Headers">Names and values.</param>
/// <param name="Body">The body.</param>
internal sealed record FrontText(string Query, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>Takes an input apart. Whatever is no header line is left out.</summary>
    public static FrontText Parse(ReadOnlySpan<byte> input)
    {
        string query = Line(ref input);
        var headers = new List<(string, string)>();
        for (string line; (line = Line(ref input)).Length > 0;)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).IndexOfAnyExceptInRange('!', '~') < 0)
            {
                headers.Add((line[..colon], line[(colon + 1)..].Trim()));
            }
        }

        return new FrontText(query, headers, input.ToArray());
    }

    private static string Line(ref ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf((byte)'\n');
        string line = Encoding.Latin1.GetString(end < 0 ? input : input[..end]);
        input = end < 0 ? default : input[(end + 1)..];
        return line;
    }
}

/// <summary>Requests to the ClickHouse front, and words that mean something to it.</summary>
internal static class FrontSeeds
{
    /// <summary>Words of the HTTP interface and of its SQL.</summary>
    public static byte[][] Words { get; } = Captures.Words(
        "query=", "&database=", "&default_format=", "&query_id=", "&compress=1", "&decompress=1", "&enable_http_compression=1", "&client_protocol_version=54460", "&param_x=", "&max_threads=2",
        "&max_execution_time=", "&readonly=0", "&log_comment=", "&max_result_bytes=9", "&extremes=1", "&session_id=", "&user=reader", "&password=look", "%27", "%5C", "%00", "%FF", "+", "\n", "\n\n",
        "X-ClickHouse-User: reader", "X-ClickHouse-Key: look", "Authorization: Basic cmVhZGVyOmxvb2s=", "Authorization: Basic", "Content-Encoding: gzip", "Accept-Encoding: gzip, br;q=0.1", "Origin: http://x",
        "X-ClickHouse-Database: default", "X-ClickHouse-Format: JSON", "SELECT ", "INSERT INTO ", " FORMAT ", "Native", "JSONEachRow", "CSVWithNames", " VALUES ", " WITH TOTALS", " INTO OUTFILE 'f'",
        " FROM INFILE 'f'", "FUNCTION ", "file('/etc/passwd')", "`file`", "\"fi\\x6ce\"", "url('http://127.0.0.1')", "numbers(10)", "{x:UInt8}", "{x:Identifier}", "--", "/*", "*/", "#!", "$$", "$a$", "'", "\\'",
        "''", "`", "\"", ";", "(", ")", "[", "{", "SETTINGS max_threads=1", "EXPLAIN ", "DROP TABLE t", "SET readonly=0");

    /// <summary>Requests.</summary>
    public static string[] Requests { get; } =
    [
        "query=SELECT+1+FORMAT+JSON&database=default&max_threads=2&param_x=5\nX-ClickHouse-User: reader\nX-ClickHouse-Key: look\n\n",
        "default_format=JSONEachRow\nX-ClickHouse-User: reader\nX-ClickHouse-Key: look\n\nSELECT number, {x:UInt8} FROM numbers(3) -- comment\nWHERE number IN ('a', 'b\\'c', $$here$$) FORMAT CSVWithNames",
        "query=SELECT%20%7Bx:String%7D&param_x=it%27s&query_id=a%0Ab&enable_http_compression=1\nX-ClickHouse-User: reader\nX-ClickHouse-Key: look\nAccept-Encoding: gzip;q=1, br\n\n",
        "query=SELECT+count()+FROM+system.numbers+LIMIT+1&max_execution_time=0.5&max_result_bytes=5&extremes=1\nAuthorization: Basic cmVhZGVyOmxvb2s=\n\n",
        "user=reader&password=look&compress=1&client_protocol_version=54460&default_format=Native\n\nSELECT toString(number) AS s, map('a', number) FROM numbers(4)",
        "query=INSERT+INTO+t+FORMAT+JSONEachRow&async_insert=0&insert_deduplication_token=a\nX-ClickHouse-User: default\nX-ClickHouse-Key: s3cret\n\n{\"n\":1,\"s\":\"a\"}\n{\"n\":2,\"s\":\"b\"}\n",
        "database=default\nX-ClickHouse-User: default\nX-ClickHouse-Key: s3cret\n\nINSERT INTO t (n, s) VALUES (1, 'a'), (2, 'it''s')",
        "\nX-ClickHouse-User: default\nX-ClickHouse-Key: s3cret\n\nINSERT INTO t SELECT number, 'x' FROM numbers(2) SETTINGS max_threads = 1",
        "query=INSERT+INTO+t+(n,s)&decompress=1\nX-ClickHouse-User: default\nX-ClickHouse-Key: s3cret\nX-ClickHouse-Format: CSV\nX-ClickHouse-Database: default\n\n1,a\n2,b\n",
        "query=SELECT+*+FROM+file('/etc/hostname','LineAsString')\nX-ClickHouse-User: reader\nX-ClickHouse-Key: look\nOrigin: http://grafana.test\n\n",
        "query=SELECT+sum(n),s+FROM+t+GROUP+BY+s+WITH+TOTALS+FORMAT+TabSeparatedWithNamesAndTypes&stacktrace=1&role=x\nX-ClickHouse-User: reader\nX-ClickHouse-Key: look\n\n",
        "query=WITH+a+AS+(SELECT+1)+SELECT+*+FROM+a+INTO+OUTFILE+'x'\nX-ClickHouse-User: reader\nX-ClickHouse-Key: look\n\n",
    ];
}
