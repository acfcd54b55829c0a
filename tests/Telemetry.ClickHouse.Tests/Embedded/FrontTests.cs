using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Telemetry.ClickHouse.Tests.Embedded;

/// <summary>The HTTP front as curl and other plain clients use it.</summary>
public sealed class FrontTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/ping")]
    [InlineData("/replicas_status")]
    public async Task Health_paths_answer_without_a_password(string path) =>
        Assert.Equal("Ok.\n", await engine.Http.GetStringAsync(new Uri(engine.Url, path), Token));

    [Fact]
    public async Task A_query_in_the_url_in_the_body_or_in_both_is_answered()
    {
        Assert.Equal("1\n", await TextAsync(await GetAsync("query=SELECT+1")));
        Assert.Equal("2\n", await TextAsync(await PostAsync("", "SELECT 2")));
        Assert.Equal("3\n", await TextAsync(await PostAsync("query=SELECT", "3")));
    }

    [Fact]
    public async Task The_headers_that_clients_read_are_there()
    {
        HttpResponseMessage response = await PostAsync("query_id=my-id", "SELECT 1 FORMAT JSON");
        Assert.Equal("my-id", Header(response, "X-ClickHouse-Query-Id"));
        Assert.Equal("JSON", Header(response, "X-ClickHouse-Format"));
        Assert.Equal("UTC", Header(response, "X-ClickHouse-Timezone"));
        Assert.NotEmpty(Header(response, "X-ClickHouse-Server-Display-Name"));
        Assert.Contains("\"read_rows\":\"1\"", Header(response, "X-ClickHouse-Summary"), StringComparison.Ordinal);
        Assert.Equal("application/json; charset=UTF-8", response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("SELECT * FROM nowhere", 404, 60, "UNKNOWN_TABLE")]
    [InlineData("SELEC 1", 400, 62, "SYNTAX_ERROR")]
    [InlineData("SELECT 1; SELECT 2", 400, 62, "SYNTAX_ERROR")]
    [InlineData("SELECT 1 FORMAT Nope", 404, 73, "UNKNOWN_FORMAT")]
    [InlineData("SELECT throwIf(1)", 500, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO")]
    [InlineData("SELECT 1 INTO OUTFILE '/tmp/x'", 501, 48, "NOT_IMPLEMENTED")]
    public async Task An_error_has_clickhouses_status_code_and_text(string sql, int status, int code, string name)
    {
        HttpResponseMessage response = await PostAsync("", sql);
        string text = await TextAsync(response);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code.ToString(System.Globalization.CultureInfo.InvariantCulture), Header(response, "X-ClickHouse-Exception-Code"));
        Assert.StartsWith($"Code: {code}. DB::Exception: ", text, StringComparison.Ordinal);
        Assert.Contains($"({name})", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("database=nowhere", 81)]
    [InlineData("max_thredds=1", 115)]
    [InlineData("max_threads=abc", 27)]
    [InlineData("max_threads=1',readonly='0", 27)]
    [InlineData("max_execution_time=0.2&function_sleep_max_microseconds_per_block=9000000", 159)]
    [InlineData("compress=maybe", 467)]
    public async Task A_wrong_parameter_is_refused(string parameters, int code)
    {
        HttpResponseMessage response = await PostAsync(parameters, "SELECT sleepEachRow(0.1) FROM numbers(30) SETTINGS max_block_size = 1 FORMAT JSON");
        Assert.Equal(code.ToString(System.Globalization.CultureInfo.InvariantCulture), Header(response, "X-ClickHouse-Exception-Code"));
    }

    [Fact]
    public async Task Settings_of_one_request_do_not_reach_the_next()
    {
        Assert.Equal("7\n", await TextAsync(await PostAsync("max_threads=7", "SELECT getSetting('max_threads')")));
        for (int i = 0; i < 20; i++)
        {
            Assert.NotEqual("7\n", await TextAsync(await PostAsync("", "SELECT getSetting('max_threads')")));
        }
    }

    [Theory]
    [InlineData("CSVWithNames")]
    [InlineData("TabSeparatedWithNamesAndTypes")]
    [InlineData("JSONCompactEachRowWithNamesAndTypes")]
    [InlineData("JSONEachRow")]
    [InlineData("RowBinaryWithNames")]
    [InlineData("TabSeparated")]
    public async Task A_streamed_result_is_byte_for_byte_the_whole_one(string format)
    {
        const string Sql = "SELECT number AS n, toString(number) AS `na\tme` FROM numbers(150000) FORMAT ";
        byte[] streamed = await (await PostAsync("", Sql + format)).Content.ReadAsByteArrayAsync(Token);
        // Extremes are given only with the whole result, so a query that may have them is not streamed; these formats print none.
        byte[] whole = await (await PostAsync("extremes=0&max_result_bytes=4194304", Sql + format)).Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(whole, streamed);
    }

    [Fact]
    public async Task Totals_come_with_the_result()
    {
        string text = await TextAsync(await PostAsync("", "SELECT number % 2 AS k, count() FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k"));
        Assert.Equal("0\t5\n1\t5\n\n0\t10\n", text);
    }

    [Fact]
    public async Task A_large_row_result_streams_and_a_large_whole_one_is_refused()
    {
        using HttpResponseMessage rows = await PostAsync("", "SELECT number FROM numbers(5000000) FORMAT RowBinary");
        Assert.Equal(40_000_000, (await rows.Content.ReadAsByteArrayAsync(Token)).Length);
        HttpResponseMessage whole = await PostAsync("", "SELECT number FROM numbers(5000000) FORMAT JSON");
        Assert.Equal("396", Header(whole, "X-ClickHouse-Exception-Code"));
    }

    [Theory]
    [InlineData("INSERT INTO t VALUES (1, 'a'), (2, 'it''s; FORMAT JSON')", 2)]
    [InlineData("INSERT INTO t (n, s) FORMAT JSONEachRow {\"n\":1,\"s\":\"x\"}\n{\"n\":2,\"s\":\"y\"}", 2)]
    [InlineData("INSERT INTO t FORMAT CSV\n1,a\n2,b\n3,c\n", 3)]
    [InlineData("INSERT INTO t (n) SELECT number FROM numbers(7)", 7)]
    [InlineData("INSERT INTO t SETTINGS max_insert_threads = 1 FORMAT TSV\n1\ta\n", 1)]
    [InlineData("/* c */ INSERT INTO TABLE `t` (`n`) VALUES (1)", 1)]
    public async Task An_insert_in_the_body_is_taken(string sql, int rows)
    {
        string database = await NewTableAsync();
        HttpResponseMessage response = await PostAsync("database=" + database, sql);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{rows}\n", await TextAsync(await PostAsync("database=" + database, "SELECT count() FROM t")));
    }

    [Fact]
    public async Task An_insert_in_the_url_takes_the_body_as_its_data_whatever_its_first_byte()
    {
        string database = await NewTableAsync();
        // RowBinary: 0x0A and 0x20 would be blanks if the text and the data were one.
        byte[] row = [0x0A, 0, 0, 0, 0, 0, 0, 0, 1, (byte)' '];
        HttpResponseMessage response = await PostBytesAsync($"database={database}&query=INSERT+INTO+t+FORMAT+RowBinary", row, null);
        Assert.Equal("\"1\"", "\"" + Header(response, "X-ClickHouse-Summary").Split("written_rows\":\"")[1][..1] + "\"");
        Assert.Equal("10\t \n", await TextAsync(await PostAsync("database=" + database, "SELECT * FROM t")));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Bodies_and_answers_travel_compressed(string encoding)
    {
        string database = await NewTableAsync();
        byte[] rows = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}\tvalue {i}\n")));
        HttpResponseMessage sent = await PostBytesAsync($"database={database}&query=INSERT+INTO+t+FORMAT+TSV", Pack(rows, encoding), encoding);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        using HttpRequestMessage request = Request($"database={database}&enable_http_compression=1", "SELECT * FROM t ORDER BY n");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        HttpResponseMessage response = await engine.Http.SendAsync(request, Token);
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.Single());
        Assert.Equal(rows, Unpack(await response.Content.ReadAsByteArrayAsync(Token), encoding));
    }

    [Fact]
    public async Task A_body_that_unpacks_to_more_than_allowed_is_refused()
    {
        string database = await NewTableAsync();
        byte[] bomb = Pack(new byte[40 << 20], "gzip");
        HttpResponseMessage response = await PostBytesAsync($"database={database}&query=INSERT+INTO+t+FORMAT+RowBinary", bomb, "gzip");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("0\n", await TextAsync(await PostAsync("database=" + database, "SELECT count() FROM t")));
    }

    [Theory]
    [InlineData("gzip", new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })]
    [InlineData("deflate", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData("deflate", new byte[] { 0x78, 0xBB, 0, 0, 0, 1, 3, 0 })]
    [InlineData("br", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    public async Task A_body_that_is_not_what_its_encoding_says_is_refused(string encoding, byte[] body)
    {
        HttpResponseMessage response = await PostBytesAsync("query=SELECT+1", body, encoding);
        Assert.Equal((HttpStatusCode.BadRequest, "271"), (response.StatusCode, Header(response, "X-ClickHouse-Exception-Code")));
    }

    [Fact]
    public async Task A_query_that_is_too_long_is_refused()
    {
        HttpResponseMessage response = await PostAsync("", "SELECT '" + new string('x', 300 << 10) + "'");
        Assert.Equal("62", Header(response, "X-ClickHouse-Exception-Code"));
    }

    [Fact]
    public async Task Broken_native_data_is_refused_and_leaves_nothing()
    {
        string database = await NewTableAsync();
        HttpResponseMessage response = await PostBytesAsync($"database={database}&query=INSERT+INTO+t+FORMAT+Native", [2, 200, 200, 200], null);
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("0\n", await TextAsync(await PostAsync("database=" + database, "SELECT count() FROM t")));
    }

    [Fact]
    public async Task Unknown_paths_and_methods_are_refused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await engine.Http.GetAsync(new Uri(engine.Url, "/play"), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotImplemented, (await engine.Http.DeleteAsync(engine.Url, Token)).StatusCode);
    }

    private async Task<string> NewTableAsync()
    {
        var client = await engine.NewDatabaseAsync();
        await client.ExecuteAsync("CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n", null, Token);
        return client.Options.Database;
    }

    private Task<HttpResponseMessage> GetAsync(string parameters)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(engine.Url, "/?" + parameters));
        request.Headers.Add("X-ClickHouse-Key", EngineFixture.Password);
        return engine.Http.SendAsync(request, Token);
    }

    private HttpRequestMessage Request(string parameters, string sql)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(engine.Url, "/?" + parameters)) { Content = new StringContent(sql) };
        request.Headers.Add("X-ClickHouse-Key", EngineFixture.Password);
        return request;
    }

    private async Task<HttpResponseMessage> PostAsync(string parameters, string sql)
    {
        using HttpRequestMessage request = Request(parameters, sql);
        return await engine.Http.SendAsync(request, Token);
    }

    private async Task<HttpResponseMessage> PostBytesAsync(string parameters, byte[] body, string? encoding)
    {
        using HttpRequestMessage request = Request(parameters, "");
        request.Content = new ByteArrayContent(body);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        return await engine.Http.SendAsync(request, Token);
    }

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(Token);

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.Single() : "";

    private static byte[] Pack(byte[] data, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            stream.Write(data);
        }

        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] data, string encoding)
    {
        using var packed = new MemoryStream(data);
        using Stream stream = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(packed, CompressionMode.Decompress),
            _ => new BrotliStream(packed, CompressionMode.Decompress),
        };
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
