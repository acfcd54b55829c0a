using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Access;
using Telemetry.Access.Accounts;
using Telemetry.Access.Audit;
using Telemetry.Access.Web;
using Telemetry.Console.Access;
using Telemetry.Console.Api;
using Telemetry.Hosting.Health;
using Telemetry.TestKit;

namespace Telemetry.Console.Tests.Access;

/// <summary>Tries by every route to see another tenant's data, and what people said without the permission; and looks whether it is noted who did.</summary>
public sealed class TenantCrossingTests(ConsoleFixture console) : IAsyncLifetime
{
    // In every text of the other tenant's rows, so that none can get by unseen.
    private const string Mark = "zz-of-another-tenant";
    private const string Said = "zz-what-somebody-said";
    private const string OtherTrace = "00000000000000000000000000c0ffee";
    private const string OwnTrace = "0000000000000000000000000000beef";

    private static readonly SemaphoreSlim s_turn = new(1, 1);
    private static bool s_isInserted;

    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _tokens = [];
    private Uri? _url;
    private AccessGate? _gate;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await InsertOnceAsync();
        var options = new AccessOptions { AccountsFile = Path.Combine(_directory.Path, "accounts.json") };
        AccountFile.Change(options.AccountsFile, set =>
        {
            set = Add(set, "own", Role.Admin, ["zz-own"], true);
            set = Add(set, "nothing", Role.Admin, [], true);
            set = Add(set, "numbers", Role.Admin, null, false);
            set = Add(set, "viewer", Role.Viewer, null, true);
            set = Add(set, "all", Role.Responder, null, true);
            return (set, true);
        });
        var audit = new AuditLog(console.Writer, NullLoggerFactory.Instance);
        _gate = new AccessGate(options, audit, NullLoggerFactory.Instance, TimeProvider.System);
        _url = await console.StartAsync(new ConsoleOptions(), guard: new ConsoleGuard(_gate, audit));
    }

    [Theory]
    [InlineData("own")]
    [InlineData("nothing")]
    public async Task No_route_shows_another_tenants_rows(string reader)
    {
        int answered = 0;
        foreach (string path in Paths())
        {
            (int status, string body) = await GetAsync(reader, path);
            bool isNamed = !path.Contains("zz-other", StringComparison.Ordinal) && body.Contains("zz-other", StringComparison.Ordinal);
            Assert.False(isNamed || body.Contains(Mark, StringComparison.Ordinal), $"{path}: {status} {body}");
            answered += status == 200 ? 1 : 0;
        }

        Assert.True(answered > 15, $"only {answered} routes answered");

        // The same questions show it to those who may see it: the attempt was one.
        var all = new StringBuilder();
        foreach (string path in Paths())
        {
            all.Append((await GetAsync("all", path)).Body);
        }

        Assert.Contains(Mark, all.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT * FROM llm_calls")]
    [InlineData("SELECT 1")]
    [InlineData("SELECT * FROM llm_calls SETTINGS additional_table_filters = {}")]
    public async Task Statements_are_not_for_those_who_see_some_tenants(string sql)
    {
        Assert.Equal(403, (await GetAsync("own", "/sql?query=" + Uri.EscapeDataString(sql))).Status);
        Assert.Equal(403, (await GetAsync("nothing", "/sql?query=" + Uri.EscapeDataString(sql))).Status);
    }

    [Theory]
    [InlineData("SELECT * FROM llm_content")]
    [InlineData("SELECT * FROM llm_content_now")]
    [InlineData("SELECT * FROM merge('telemetry', '^llm_content$')")]
    [InlineData("SELECT * FROM merge(currentDatabase(), 'llm_cont')")]
    [InlineData("SELECT * FROM (SELECT * FROM llm_content SETTINGS additional_table_filters = {})")]
    [InlineData("SELECT * FROM (SELECT * FROM llm_content /**/ settings /**/ additional_table_filters = {})")]
    [InlineData("SELECT 1, ' // ' // ' \n , (SELECT any(input_messages) FROM (SELECT * FROM llm_content SETTINGS additional_table_filters = {})) // '")]
    [InlineData("WITH c AS (SELECT * FROM llm_content) SELECT * FROM c")]
    [InlineData("SELECT c.input_messages FROM llm_calls AS a LEFT JOIN llm_content AS c USING (trace_id)")]
    [InlineData("SELECT * FROM {t:Identifier}")]
    [InlineData("SELECT * FROM mergeTreeIndex('telemetry', 'llm_content', with_marks = 1)")]
    [InlineData("SELECT * FROM view(SELECT * FROM llm_content)")]
    [InlineData("SELECT record FROM dead_letters")]
    [InlineData("SELECT * FROM loop('telemetry', 'llm_content') LIMIT 10")]
    [InlineData("SELECT * FROM llm_content PREWHERE input_messages != ''")]
    [InlineData("SELECT count() FROM llm_content WHERE input_messages LIKE '%zz-what-somebody-said%' HAVING count() > 0 AND throwIf(count() > 0, 'zz-what-somebody-said') = 0")]
    public async Task Without_the_permission_nobody_reads_what_was_said(string sql)
    {
        foreach (string format in (string[])["json", "csv", "jsonl"])
        {
            (_, string body) = await GetAsync("numbers", $"/sql?format={format}&param_t=llm_content&query=" + Uri.EscapeDataString(sql));
            Assert.DoesNotContain(Said, body.Replace(JsonEncodedText.Encode(sql).ToString(), "", StringComparison.Ordinal).Replace(sql, "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_the_permission_no_route_shows_what_was_said_and_with_it_each_reading_is_noted_first()
    {
        foreach (string path in Paths())
        {
            Assert.DoesNotContain(Said, (await GetAsync("numbers", path)).Body, StringComparison.Ordinal);
        }

        string before = await console.AskOneAsync("SELECT count() FROM access_audit WHERE action = 'content.read' AND actor LIKE 'all (%'");
        Assert.Contains(Said, (await GetAsync("all", $"/traces/{OtherTrace}")).Body + (await GetAsync("all", $"/calls/{OtherTrace}/00000000000000a1")).Body, StringComparison.Ordinal);
        string after = await console.AskOneAsync("SELECT count() FROM access_audit WHERE action = 'content.read' AND actor LIKE 'all (%' AND actor_kind = 'token' AND role = 'responder' AND address = '127.0.0.1' AND subject LIKE '/api/v1/%'");
        Assert.True(long.Parse(after, System.Globalization.CultureInfo.InvariantCulture) > long.Parse(before, System.Globalization.CultureInfo.InvariantCulture));
        await GetAsync("all", "/sql?query=" + Uri.EscapeDataString("SELECT 'zz-noted'"));
        Assert.Equal("1", await console.AskOneAsync("SELECT count() FROM access_audit WHERE action = 'sql.run' AND detail LIKE '%zz-noted%'"));
        Assert.Equal("0", await console.AskOneAsync("SELECT count() FROM access_audit WHERE detail LIKE '%ta_%' OR subject LIKE '%ta_%'"));
    }

    [Fact]
    public async Task Who_may_only_see_changes_nothing_and_who_may_does_it_under_their_own_name()
    {
        const string Silence = """{"matchers":{"rule":"zz-rule"},"for":"1h","by":"somebody else","comment":"x"}""";
        Assert.Equal(403, (await SendAsync("viewer", "/silences", Silence)).Status);
        (int status, string body) = await SendAsync("all", "/silences", Silence);
        Assert.True(status == 201, body);
        Assert.StartsWith("all (", await console.AskOneAsync("SELECT created_by FROM alert_silences WHERE matchers['rule'] = 'zz-rule'"), StringComparison.Ordinal);
        Assert.Equal("1", await console.AskOneAsync("SELECT count() FROM access_audit WHERE action = 'change' AND subject = '/api/v1/silences' AND actor LIKE 'all (%'"));
    }

    [Fact]
    public async Task What_cannot_be_noted_is_not_shown()
    {
        var audit = new AuditLog(console.Reader, NullLoggerFactory.Instance);
        using var gate = new AccessGate(new AccessOptions(), audit, NullLoggerFactory.Instance, TimeProvider.System);
        Uri url = await console.StartAsync(new ConsoleOptions(), guard: new ConsoleGuard(gate, audit));
        foreach (string path in (string[])[$"/calls/{OtherTrace}/00000000000000a1", "/sql?query=SELECT+1"])
        {
            using HttpResponseMessage response = await console.Http.GetAsync(new Uri(url, "/api/v1" + path), Token);
            Assert.False(response.IsSuccessStatusCode);
            Assert.DoesNotContain(Said, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    public ValueTask DisposeAsync()
    {
        _gate?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private IEnumerable<string> Paths()
    {
        using var web = new ConsoleWeb(new ConsoleOptions(), new OperationsOptions(), console.Reader, null, NullLoggerFactory.Instance, TimeProvider.System);
        return [.. web.Routes.Where(r => r.Method == "GET" && r.Path != "/sql").SelectMany(Variants)];
    }

    private static IEnumerable<string> Variants(ApiRoute route)
    {
        string path = route.Path.Replace("{trace}", OtherTrace, StringComparison.Ordinal).Replace("{span}", "00000000000000a1", StringComparison.Ordinal).Replace("{id}", OtherTrace, StringComparison.Ordinal);
        string[] names = ["tenant", "service", "model", "user", "prompt"];
        string range = route.Parameters.Any(p => p.Name == "from") ? "from=now-41d&to=now-39d&" : "";
        if (path.Contains("{name}", StringComparison.Ordinal))
        {
            return names.Select(n => path.Replace("{name}", n, StringComparison.Ordinal) + "?" + range.TrimEnd('&'));
        }

        IEnumerable<string> all = [$"{path}?{range.TrimEnd('&')}"];
        bool Has(string name) => route.Parameters.Any(p => p.Name == name);
        return all
            .Concat(Has("group_by") ? names.Select(n => $"{path}?{range}group_by={n}") : [])
            .Concat(Has("by") ? names.Select(n => $"{path}?{range}by={n}") : [])
            .Concat(Has("tenant") ? [$"{path}?{range}tenant=zz-other"] : [])
            .Concat(Has("format") ? [$"{path}?{range}format=csv"] : []);
    }

    // Before everything that the other tests look at.
    private async Task InsertOnceAsync()
    {
        await s_turn.WaitAsync(Token);
        try
        {
            if (!s_isInserted)
            {
                await InsertAsync("zz-own", OwnTrace, "own");
                await InsertAsync("zz-other", OtherTrace, Mark);
                s_isInserted = true;
            }
        }
        finally
        {
            s_turn.Release();
        }
    }

    private async Task InsertAsync(string tenant, string trace, string mark)
    {
        foreach (string sql in (string[])
        [
            $$"""
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, environment, provider, model_requested, model_answered, operation, status, error_type, user_id, prompt_name, prompt_version, input_tokens, output_tokens, cost_usd, duration_ms, sign, ingested_at)
            SELECT now64(9) - INTERVAL 40 DAY - number * 60, '{{trace}}', lower(leftPad(hex(161 + number), 16, '0')), '{{tenant}}', '{{mark}}-service', '{{mark}}', '{{mark}}', '{{mark}}-model', '{{mark}}', 'chat', 'error', '{{mark}}', '{{mark}}', '{{mark}}', '1', 10, 5, 0.5, 100, 1, now64(3)
            FROM numbers(5)
            """,
            $"INSERT INTO llm_spans (ts, trace_id, span_id, tenant, service, name, role, status, sign, ingested_at) SELECT now64(9) - INTERVAL 40 DAY, '{trace}', '00000000000000b1', '{tenant}', '{mark}', '{mark}', 'wrapper', 'ok', 1, now64(3)",
            $"INSERT INTO llm_content (ts, trace_id, span_id, tenant, service, input_messages, output_messages, ingested_at) SELECT now64(9) - INTERVAL 40 DAY, '{trace}', '00000000000000a1', '{tenant}', '{mark}', '[{{\"role\":\"user\",\"parts\":[{{\"type\":\"text\",\"content\":\"{mark} {Said}\"}}]}}]', '[]', now64(3)",
            $"INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value, label, explanation, probability, ingested_at) SELECT now64(9) - INTERVAL 40 DAY, '{trace}', '00000000000000a1', '{tenant}', '{mark}', '{mark}', 'judge', 0.5, '{mark}', '{mark}', 1, now64(3)",
        ])
        {
            await console.Writer.ExecuteAsync(sql, null, Token);
        }
    }

    private AccountSet Add(AccountSet set, string name, Role role, IReadOnlyList<string>? tenants, bool mayReadContent)
    {
        (AccountSet changed, _, string token) = set.CreateToken(name, role, tenants, mayReadContent, TimeProvider.System.GetUtcNow(), null);
        _tokens[name] = token;
        return changed;
    }

    private Task<(int Status, string Body)> GetAsync(string reader, string path) => AskAsync(reader, HttpMethod.Get, path, null);

    private Task<(int Status, string Body)> SendAsync(string reader, string path, string body) => AskAsync(reader, HttpMethod.Post, path, body);

    private async Task<(int Status, string Body)> AskAsync(string reader, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(_url!, "/api/v1" + path)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", "Bearer " + _tokens[reader]);
        using HttpResponseMessage response = await console.Http.SendAsync(request, Token);
        string text = await response.Content.ReadAsStringAsync(Token);

        // What was asked is told again; only what came out of the tables counts.
        return ((int)response.StatusCode, method == HttpMethod.Get ? text.Replace(Uri.UnescapeDataString(path), "", StringComparison.Ordinal) : text);
    }
}
