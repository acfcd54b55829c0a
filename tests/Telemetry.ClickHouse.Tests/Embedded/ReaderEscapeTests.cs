using Telemetry.ClickHouse.Client;

namespace Telemetry.ClickHouse.Tests.Embedded;

/// <summary>Tries to get the read-only user out of the database: to files, to the network, past its limits. Every attempt is sent by both methods.</summary>
public sealed class ReaderEscapeTests(EngineFixture engine) : IDisposable
{
    private const string Secret = "sentinel-that-no-reader-may-see";

    private readonly string _file = Path.Combine(Path.GetTempPath(), "telemetry-secret-" + Guid.NewGuid().ToString("N"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> FilesAndNetworks =>
    [
        // As it stands, quoted, in capitals, over lines, with comments of every kind.
        "SELECT file('{0}')", "SELECT FILE('{0}')", "SELECT `file`('{0}')", "SELECT \"file\"('{0}')", "SELECT file /* a */ ('{0}')", "SELECT file -- a\n('{0}')", "SELECT file // a\n('{0}')", "SELECT file # a\n('{0}')",
        "SELECT `fi\\x6ce`('{0}')", "SELECT \"fil\\145\"('{0}')",

        // What another lexer might take for a text or a comment.
        "SELECT 1 // ' \n , file('{0}') // '", "SELECT 1 # ' \n , file('{0}') # '", "SELECT 1 /* /* */ ' */ , file('{0}') -- '", "SELECT 1 /* ' */, file('{0}') /* ' */", "SELECT $a$ ' $a$, file('{0}'), $a$ ' $a$",
        "SELECT '\\\\', file('{0}'), '\\''", "SELECT '''', file('{0}'), ''''", "SELECT \"a\"\"'\", file('{0}') FROM (SELECT 1 AS \"a\"\"'\")",

        // Quotes and blanks beyond ASCII.
        "SELECT “file”('{0}')", "SELECT file\u00a0('{0}')", "SELECT\u00a0file\u00a0('{0}')", "SELECT \u200bfile\u200b('{0}')", "SELECT\u3000file\u2028('{0}')", "SELECT file(‘{0}’)", "SELECT ‘ file( ’, file(‘{0}’)", "\ufeffSELECT file('{0}')",

        // Not called by its name where it stands.
        "SELECT arrayMap(file, ['{0}'])", "WITH x -> file(x) AS f SELECT f('{0}')", "SELECT arrayMap({f:Identifier}, ['{0}'])", "SELECT (x -> file(x))('{0}')", "SELECT '{0}' AS p, file(p)", "SELECT apply(file, '{0}')",
        "SELECT * APPLY(file) FROM (SELECT '{0}')", "SELECT COLUMNS('.*') APPLY file FROM (SELECT '{0}' AS a)", "SELECT * FROM (SELECT file('{0}'))", "SELECT * FROM view(SELECT file('{0}'))", "SELECT 1 WHERE file('{0}') != ''",
        "SELECT (SELECT (SELECT file('{0}')))", "SELECT 1 UNION ALL SELECT length(file('{0}'))", "EXPLAIN SELECT file('{0}')", "EXPLAIN ESTIMATE SELECT file('{0}')", "EXPLAIN PIPELINE SELECT * FROM file('{0}', 'LineAsString')",
        "SELECT {f:Identifier}('{0}')", "SELECT eval('SELECT file(''{0}'')')",

        // Tables that are files or networks.
        "SELECT * FROM file('{0}', 'LineAsString')", "SELECT * FROM “file”('{0}', 'LineAsString')", "SELECT * FROM fileCluster('default', '{0}', 'LineAsString')", "DESCRIBE TABLE file('{0}', 'LineAsString')", "DESC file('{0}')",
        "SELECT * FROM filesystem('{0}')", "SELECT * FROM url('file://{0}', 'LineAsString')", "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString', 'a String')", "DESCRIBE TABLE url('http://127.0.0.1:1/x.csv')",
        "SELECT * FROM url\u00a0('http://127.0.0.1:1/', 'LineAsString', 'a String')", "SELECT * FROM s3('http://127.0.0.1:1/b/x.csv', 'CSV', 'a String')", "SELECT * FROM gcs('http://127.0.0.1:1/b/x')", "SELECT * FROM hdfs('hdfs://127.0.0.1:1/x', 'CSV', 'a String')",
        "SELECT * FROM remote('127.0.0.1:1', system.one)", "SELECT * FROM remoteSecure('127.0.0.1:1', system.one)", "SELECT * FROM cluster('default', system.one)", "SELECT * FROM clusterAllReplicas('default', system.one)",
        "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')", "SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')", "SELECT * FROM mongodb('127.0.0.1:1', 'd', 'c', 'u', 'p', 'a String')", "SELECT * FROM redis('127.0.0.1:1', 'k', 'k String, v String')",
        "SELECT * FROM sqlite('{0}', 't')", "SELECT * FROM jdbc('x', 'y', 'z')", "SELECT * FROM odbc('DSN=x', 'y', 'z')", "SELECT * FROM executable('id', 'TSV', 'a String')", "SELECT * FROM iceberg('http://127.0.0.1:1/')", "SELECT * FROM deltaLake('http://127.0.0.1:1/')",
        "SELECT * FROM hudi('http://127.0.0.1:1/')", "SELECT * FROM azureBlobStorage('http://127.0.0.1:1/', 'c', 'b', 'a', 'k')", "SELECT * FROM deltaLakeLocal('{0}')", "SELECT * FROM icebergLocal('{0}')", "SELECT * FROM python('x')", "SELECT * FROM Python(x)",
        "SELECT * FROM (SELECT * FROM (SELECT * FROM file('{0}', 'LineAsString')))", "SELECT 1 IN (SELECT * FROM file('{0}', 'LineAsString'))", "SELECT 1 FROM system.one JOIN file('{0}', 'LineAsString') AS f ON 1",
        "SELECT * FROM merge('system', 'one') WHERE 1 IN (SELECT 1 FROM url('http://127.0.0.1:1/', 'CSV', 'a Int8'))", "WITH a AS (SELECT * FROM file('{0}', 'LineAsString')) SELECT * FROM a", "SELECT * FROM '{0}'", "SELECT * FROM `{0}`", "SELECT * FROM \"{0}\"",

        // Writing, defining, and statements in statements.
        "SELECT 1 INTO OUTFILE '{0}.out'", "SELECT 1 INTO\u00a0OUTFILE '{0}.out'", "SELECT 1 INTO /**/ OUTFILE '{0}.out' TRUNCATE", "INSERT INTO FUNCTION file('{0}.out', 'TSV', 'a Int8') VALUES (1)", "INSERT INTO TABLE FUNCTION url('http://127.0.0.1:1/', 'TSV', 'a Int8') SELECT 1",
        "CREATE TABLE x AS file('{0}', 'LineAsString')", "CREATE TEMPORARY TABLE x AS SELECT file('{0}')", "CREATE TABLE x (a String) ENGINE = File(TSV, '{0}')", "CREATE TABLE x (a String) ENGINE = URL('http://127.0.0.1:1/')", "CREATE VIEW x AS SELECT file('{0}')",
        "CREATE DICTIONARY x (a UInt64, b String) PRIMARY KEY a SOURCE(FILE(path '{0}' format 'TSV')) LAYOUT(FLAT()) LIFETIME(1)", "CREATE FUNCTION f AS x -> file(x)", "CREATE NAMED COLLECTION c AS url = 'http://127.0.0.1:1/'", "CREATE DATABASE x ENGINE = Filesystem('/etc')",
        "CREATE DATABASE x ENGINE = Overlay", "ATTACH TABLE x FROM '{0}' (a String) ENGINE = File(TSV)", "BACKUP DATABASE system TO File('{0}.out')", "RESTORE ALL FROM File('{0}')", "SELECT 1; SELECT file('{0}')", "SELECT 1;\n\nSELECT file('{0}')", "EXECUTE AS default SELECT 1",
        "SYSTEM RELOAD CONFIG", "SYSTEM FLUSH LOGS", "SET allow_introspection_functions = 1", "GRANT ALL ON *.* TO default", "CREATE USER x", "ALTER USER default IDENTIFIED BY 'x'", "KILL QUERY WHERE 1", "USE system; SELECT file('{0}')", "PARALLEL WITH SELECT 1",
    ];

    [Theory]
    [MemberData(nameof(FilesAndNetworks))]
    public async Task Nothing_that_reaches_outside_is_run(string attempt)
    {
        await File.WriteAllTextAsync(_file, Secret, Token);
        string sql = attempt.Replace("{0}", _file, StringComparison.Ordinal);
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Get])
        {
            string query = method == HttpMethod.Get ? "&query=" + Uri.EscapeDataString(sql) : "";
            using var request = new HttpRequestMessage(method, new Uri(engine.Url, "/?user=reader&password=look&param_f=file" + query));
            request.Content = method == HttpMethod.Post ? new StringContent(sql) : null;
            using HttpResponseMessage response = await engine.Http.SendAsync(request, Token);
            string answer = await response.Content.ReadAsStringAsync(Token);
            Assert.False(response.IsSuccessStatusCode, answer);
            Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal);
            Assert.False(File.Exists(_file + ".out"));
        }
    }

    [Theory]
    [InlineData("SELECT count() FROM numbers(1000000) SETTINGS max_execution_time = 0", "READONLY")]
    [InlineData("SELECT count() FROM numbers(1000000) SETTINGS readonly = 0, max_memory_usage = 0", "READONLY")]
    [InlineData("SELECT * FROM (SELECT 1 SETTINGS max_memory_usage = 0)", "READONLY")]
    [InlineData("SELECT * FROM (SELECT number FROM numbers(3) SETTINGS additional_table_filters = {})", "READONLY")]
    [InlineData("WITH a AS (SELECT 1 SETTINGS readonly = 0) SELECT * FROM a", "READONLY")]
    [InlineData("SELECT 1 WHERE 1 IN (SELECT 1 /**/ settings /**/ max_threads /**/ = 1)", "READONLY")]
    [InlineData("SELECT groupArray(number) FROM numbers(1000000000)", "MEMORY_LIMIT_EXCEEDED")]
    [InlineData("SELECT * FROM numbers(20000000) FORMAT Null", "TOO_MANY_ROWS_OR_BYTES")]
    public async Task One_query_takes_no_more_than_its_share(string sql, string expected)
    {
        ClickHouseClient reader = engine.Client(user: "reader", password: "look");
        var e = await Assert.ThrowsAsync<ClickHouseException>(() => reader.ExecuteAsync(sql, null, Token));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max_rows_to_read", "5000000000", "0", "5000000000")]
    [InlineData("max_rows_to_read", "5000000000", "99999999999999", "5000000000")]
    [InlineData("max_rows_to_read", "5000000000", "12", "12")]
    [InlineData("max_result_rows", "10000000", "-1", "10000000")]
    [InlineData("max_memory_usage", "1073741824", "0", "1073741824")]
    [InlineData("max_memory_usage", "1073741824", "20000000", "20000000")]
    public async Task Limits_can_be_lowered_and_nothing_else(string setting, string given, string asked, string taken)
    {
        string url = "/?user=reader&password=look&query=SELECT+getSetting('" + setting + "')";
        Assert.Equal(given, (await engine.Http.GetStringAsync(new Uri(engine.Url, url), Token)).Trim());
        Assert.Equal(taken, (await engine.Http.GetStringAsync(new Uri(engine.Url, $"{url}&{setting}={asked}"), Token)).Trim());
    }

    [Fact]
    public async Task Readers_who_take_all_their_places_leave_some_to_the_pipeline()
    {
        // A result that nobody reads holds its place without work.
        var held = new List<HttpResponseMessage>();
        try
        {
            string endless = "/?user=reader&password=look&query=" + Uri.EscapeDataString("SELECT number, repeat('x', 1000) FROM system.numbers LIMIT 9000000 FORMAT TSV");
            while (held.Count == 0 || held[^1].IsSuccessStatusCode)
            {
                held.Add(await engine.Http.GetAsync(new Uri(engine.Url, endless), HttpCompletionOption.ResponseHeadersRead, Token));
                Assert.InRange(held.Count, 1, EngineFixture.Queries);
            }

            Assert.Equal(("202", EngineFixture.Queries - 1), (held[^1].Headers.GetValues("X-ClickHouse-Exception-Code").Single(), held.Count));
            Assert.Equal("1", (await engine.Client().QueryAsync("SELECT '1' AS a", null, Token)).Rows[0].GetString("a"));
        }
        finally
        {
            held.ForEach(h => h.Dispose());
        }
    }

    public void Dispose()
    {
        File.Delete(_file);
        File.Delete(_file + ".out");
    }
}
