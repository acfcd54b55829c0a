using System.Net;
using System.Text;
using Telemetry.ClickHouse.Client;

namespace Telemetry.ClickHouse.Tests.Embedded;

public sealed class UserTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("default", "")]
    [InlineData("default", "wrong")]
    [InlineData("reader", "")]
    [InlineData("nobody", "look")]
    [InlineData("", "look")]
    public async Task A_wrong_name_or_password_is_refused(string user, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, engine.Url) { Content = new StringContent("SELECT 1") };
        request.Headers.TryAddWithoutValidation("X-ClickHouse-User", user);
        request.Headers.TryAddWithoutValidation("X-ClickHouse-Key", password);
        HttpResponseMessage response = await engine.Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("AUTHENTICATION_FAILED", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_taken_from_headers_basic_authentication_and_the_url()
    {
        string basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:look"));
        using var withBasic = new HttpRequestMessage(HttpMethod.Get, new Uri(engine.Url, "/?query=SELECT+1"));
        withBasic.Headers.Add("Authorization", "Basic " + basic);
        Assert.Equal(HttpStatusCode.OK, (await engine.Http.SendAsync(withBasic, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await engine.Http.GetAsync(new Uri(engine.Url, "/?query=SELECT+1&user=reader&password=look"), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await engine.Http.GetAsync(new Uri(engine.Url, "/?query=SELECT+1&user=reader&password=no"), Token)).StatusCode);
    }

    [Theory]
    [InlineData("CREATE TABLE x (a Int8) ENGINE = Memory")]
    [InlineData("INSERT INTO x VALUES (1)")]
    [InlineData("INSERT INTO x SELECT 1")]
    [InlineData("INSERT INTO FUNCTION file('/tmp/x', 'TSV', 'a Int8') VALUES (1)")]
    [InlineData("DROP DATABASE default")]
    [InlineData("ALTER TABLE x DELETE WHERE 1")]
    [InlineData("SET readonly = 0")]
    [InlineData("SYSTEM SHUTDOWN")]
    [InlineData("KILL QUERY WHERE 1")]
    [InlineData("SELECT 1 SETTINGS readonly = 0")]
    [InlineData("SELECT file('/etc/passwd')")]
    [InlineData("SELECT `file`('/etc/passwd')")]
    [InlineData("SELECT \"file\" ('/etc/passwd')")]
    [InlineData("SELECT `fi\\x6ce`('/etc/passwd')")]
    [InlineData("SELECT arrayMap(file, ['/etc/passwd'])")]
    [InlineData("WITH x -> file(x) AS f SELECT f('/etc/passwd')")]
    [InlineData("SELECT * FROM file('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString', 'a String')")]
    [InlineData("SELECT * FROM s3('http://127.0.0.1:1/b/x.csv', 'CSV', 'a String')")]
    [InlineData("SELECT * FROM remote('127.0.0.1:1', system.one)")]
    [InlineData("SELECT * FROM executable('id', 'TSV', 'a String')")]
    [InlineData("SELECT arrayMap({f:Identifier}, ['/etc/passwd'])")]
    [InlineData("SELECT 1; DROP DATABASE default")]
    public async Task The_read_only_user_can_only_read_the_database(string sql)
    {
        ClickHouseClient reader = engine.Client(user: "reader", password: "look");
        var e = await Assert.ThrowsAsync<ClickHouseException>(() => reader.ExecuteAsync(sql, new Dictionary<string, object?> { ["f"] = "file" }, Token));
        Assert.True(e.Code is 164 or 62 or 48, e.Message);
    }

    [Theory]
    [InlineData("dialect=prql")]
    [InlineData("readonly_=0")]
    [InlineData("format_template_row=/etc/passwd")]
    public async Task The_read_only_user_cannot_change_what_guards_it(string setting)
    {
        HttpResponseMessage response = await engine.Http.GetAsync(new Uri(engine.Url, "/?query=SELECT+1&user=reader&password=look&" + setting), Token);
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("SELECT count() FROM numbers(10)", "10\n")]
    [InlineData("EXPLAIN SELECT 1 FORMAT Null", "")]
    [InlineData("SHOW DATABASES LIKE 'default'", "default\n")]
    [InlineData("SELECT sum(url) FROM (SELECT 1 AS url)", "1\n")]
    public async Task The_read_only_user_reads(string sql, string expected)
    {
        string url = "/?user=reader&password=look&max_execution_time=9999&output_format_json_quote_64bit_integers=1";
        HttpResponseMessage response = await engine.Http.PostAsync(new Uri(engine.Url, url), new StringContent(sql), Token);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task The_read_only_user_runs_no_longer_than_configured()
    {
        string url = "/?user=reader&password=look&max_execution_time=9999&query=SELECT+getSetting('max_execution_time')";
        Assert.Equal("300\n", await engine.Http.GetStringAsync(new Uri(engine.Url, url), Token));
    }

    [Fact]
    public async Task Get_does_not_write()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(engine.Url, "/?query=CREATE+DATABASE+by_get"));
        request.Headers.Add("X-ClickHouse-Key", EngineFixture.Password);
        HttpResponseMessage response = await engine.Http.SendAsync(request, Token);
        Assert.Contains("164", response.Headers.GetValues("X-ClickHouse-Exception-Code"));
    }

    [Theory]
    [InlineData("http://evil.test", HttpStatusCode.InternalServerError)]
    [InlineData("null", HttpStatusCode.InternalServerError)]
    [InlineData("http://grafana.test", HttpStatusCode.OK)]
    public async Task Web_pages_of_other_origins_are_refused(string origin, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, engine.Url) { Content = new StringContent("SELECT 1") };
        request.Headers.Add("X-ClickHouse-Key", EngineFixture.Password);
        request.Headers.Add("Origin", origin);
        Assert.Equal(expected, (await engine.Http.SendAsync(request, Token)).StatusCode);
    }
}
