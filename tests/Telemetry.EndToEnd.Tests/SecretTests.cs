using System.Text;
using System.Text.RegularExpressions;
using Telemetry.Access.Accounts;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.Keys;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>Gives services secrets that nobody could mistake, makes everything go wrong, and looks for them wherever something is said.</summary>
public sealed partial class SecretTests
{
    private const string Sentinel = "sentinel-5e1f";

    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_pipeline_in_one_process_keeps_its_secrets_to_itself()
    {
        using var data = new TemporaryDirectory();
        await using var receiver = OwnTelemetryReceiver.Start();
        (string key, string token, string[] files) = MakeFiles(data.Path);
        string[] environment =
        [
            "env", $"Telemetry__EmbeddedClickHouse__Password={Sentinel}-admin", $"Telemetry__EmbeddedClickHouse__ReadOnlyPassword={Sentinel}-reader", "Telemetry__Collector__Redact__Default=hash",
            $"Telemetry__Collector__Redact__HashKey={Sentinel}-hash-key", $"OTEL_EXPORTER_OTLP_ENDPOINT={receiver.Url}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_METRIC_EXPORT_INTERVAL=500",
            $"OTEL_EXPORTER_OTLP_HEADERS=x-api-key={Sentinel}-own", "Logging__LogLevel__Default=Debug",
        ];
        await using ServiceProcess process = await ServiceProcess.StartAsync("Telemetry.AllInOne", [.. AllInOneProcess.Settings(data.Path), .. files], _cancellation, environment);
        var said = new StringBuilder();
        await AbuseAsync(process, key, token, said);
        await TestKit.Eventually.HoldsAsync(() => receiver.Bytes > 0, "own telemetry is sent");
        said.Append(await File.ReadAllTextAsync($"/proc/{process.Pid}/cmdline", _cancellation));
        await process.StopAsync(s_bound, _cancellation);
        said.Append(process.Log).Append(process.Output).Append(receiver.Text);
        AssertNothingIn(said.ToString(), key, token);
    }

    [Theory]
    [InlineData("Telemetry.Collector", "Collector:Grpc:Port=0", "Collector:Http:Port=0")]
    [InlineData("Telemetry.Processor")]
    [InlineData("Telemetry.Alerting")]
    public async Task A_service_that_cannot_reach_what_it_needs_says_so_without_its_secrets(string service, params string[] settings)
    {
        string[] environment =
        [
            "env", $"Telemetry__ClickHouse__Password={Sentinel}-clickhouse", "Telemetry__SpanLog__Kind=Kafka", "Telemetry__SpanLog__Kafka__Client__security_protocol=SASL_PLAINTEXT",
            "Telemetry__SpanLog__Kafka__Client__sasl_mechanism=PLAIN", "Telemetry__SpanLog__Kafka__Client__sasl_username=telemetry", $"Telemetry__SpanLog__Kafka__Client__sasl_password={Sentinel}-kafka",
            "Telemetry__SpanLog__Kafka__BootstrapServers=127.0.0.1:1", "Logging__LogLevel__Default=Debug",
        ];
        string[] needed = service switch
        {
            "Telemetry.Collector" => ["SpanLog"],
            "Telemetry.Processor" => ["SpanLog", "ClickHouse"],
            _ => ["ClickHouse"],
        };
        environment = [.. environment.Where(e => !e.StartsWith("Telemetry__", StringComparison.Ordinal) || needed.Any(n => e.StartsWith($"Telemetry__{n}__", StringComparison.Ordinal)))];
        string[] all = [.. settings, "Operations:Port=0", .. needed.Contains("ClickHouse") ? (string[])["ClickHouse:Url=http://127.0.0.1:1"] : []];
        await using ServiceProcess process = ServiceProcess.StartWithoutWaiting(service, all, environment);
        await TestKit.Eventually.HoldsAsync(() => HealthAddress().IsMatch(process.Log), "the health port is open", s_bound);
        using var client = new HttpClient { BaseAddress = new Uri(HealthAddress().Match(process.Log).Groups[1].Value) };
        string ready = "";
        await TestKit.Eventually.HoldsAsync(() => (ready = client.GetAsync("/readyz").GetAwaiter().GetResult().Content.ReadAsStringAsync().GetAwaiter().GetResult()).Contains("\"ready\":false", StringComparison.Ordinal), "it says what it waits for", s_bound);
        string said = ready + await client.GetStringAsync("/metrics", _cancellation) + await File.ReadAllTextAsync($"/proc/{process.Pid}/cmdline", _cancellation) + process.Log + process.Output;
        AssertNothingIn(said);
    }

    [Theory]
    [InlineData("Telemetry__EmbeddedClickHouse__Passwort=sentinel-5e1f")]
    [InlineData("Telemetry__Collector__Redact__Default=hash", "Telemetry__Collector__Redact__HashKey=sentinel-5e1f")]
    [InlineData("Telemetry__SpanLog__Kafka__Client__sasl_password=sentinel-5e1f")]
    public async Task Settings_that_are_refused_are_named_without_the_secrets_in_them(params string[] wrong)
    {
        using var data = new TemporaryDirectory();
        await using ServiceProcess process = ServiceProcess.StartWithoutWaiting("Telemetry.AllInOne", AllInOneProcess.Settings(data.Path), ["env", .. wrong]);
        await process.WaitForExitAsync(s_bound, _cancellation);
        Assert.Equal(2, process.ExitCode);
        AssertNothingIn(process.Log + process.Output);
    }

    private static (string Key, string Token, string[] Settings) MakeFiles(string directory)
    {
        string keys = Path.Combine(directory, "keys.json");
        string accounts = Path.Combine(directory, "accounts.json");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string key = KeyFile.Change(keys, set =>
        {
            (KeySet changed, _, string secret) = set.Create("acme", "", KeyScopes.All, now, null);
            return (changed, secret);
        });
        string token = AccountFile.Change(accounts, set =>
        {
            (AccountSet changed, _, string secret) = set.With(new Account("ann", Passwords.Hash($"{Sentinel}-password"), Role.Admin, null, true, now)).CreateToken("robot", Role.Viewer, null, false, now, null);
            return (changed, secret);
        });
        return (key, token, [$"Collector:Keys:File={keys}", $"Access:AccountsFile={accounts}"]);
    }

    // Right and wrong secrets in every place where one could be sent, and what is wrong beside them.
    private async Task AbuseAsync(ServiceProcess process, string key, string token, StringBuilder said)
    {
        using var client = new HttpClient();
        Uri traces = new(process.Address("OTLP/HTTP"), "/v1/traces");
        string span = OtlpJson.Request("secrets", OtlpJson.Span("00000000000000000000000000000abc", "0000000000000001", TimeProvider.System.GetUtcNow(), "", "chat"));
        Uri clickHouse = process.Address("ClickHouse");
        Uri console = process.Address("Health");
        (HttpMethod, Uri, string, string, string)[] requests =
        [
            (HttpMethod.Post, traces, span, "x-api-key", key), (HttpMethod.Post, traces, "{broken", "x-api-key", key), (HttpMethod.Post, traces, span, "Authorization", $"Bearer {key[..^1]}a"),
            (HttpMethod.Post, new Uri(traces, $"/v1/traces?key={key}"), span, "x-api-key", $"{Sentinel}-guess"), (HttpMethod.Post, clickHouse, "SELECT nonsense", "X-ClickHouse-Key", $"{Sentinel}-admin"),
            (HttpMethod.Post, clickHouse, "SELECT 1", "X-ClickHouse-Key", $"{Sentinel}-wrong"), (HttpMethod.Post, new Uri(clickHouse, $"/?user=reader&password={Sentinel}-reader"), "SELECT file('/x')", "x", "x"),
            (HttpMethod.Post, new Uri(clickHouse, $"/?password={Sentinel}-wrong"), "SELECT 1", "x", "x"), (HttpMethod.Get, new Uri(clickHouse, "/?query=SELECT+*+FROM+system.processes+FORMAT+JSON"), "", "X-ClickHouse-Key", $"{Sentinel}-admin"),
            (HttpMethod.Get, new Uri(console, "/api/v1/overview"), "", "Authorization", "Bearer " + token), (HttpMethod.Get, new Uri(console, "/api/v1/nonsense"), "", "Authorization", "Bearer " + token),
            (HttpMethod.Get, new Uri(console, "/api/v1/overview"), "", "Authorization", "Bearer " + token[..^1] + "b"), (HttpMethod.Get, new Uri(console, "/readyz"), "", "x", "x"), (HttpMethod.Get, new Uri(console, "/metrics"), "", "x", "x"),
        ];
        foreach ((HttpMethod method, Uri url, string body, string header, string value) in requests)
        {
            using var request = new HttpRequestMessage(method, url) { Content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation(header, value);
            await SayAsync(client, request, said);
        }

        foreach (string password in (string[])[$"{Sentinel}-password", $"{Sentinel}-wrong-password"])
        {
            using var signIn = new HttpRequestMessage(HttpMethod.Post, new Uri(console, "/sign-in")) { Content = new FormUrlEncodedContent([new("name", "ann"), new("password", password), new("next", "/")]) };
            await SayAsync(client, signIn, said);
        }

        using var audit = new HttpRequestMessage(HttpMethod.Post, new Uri(clickHouse, "/?database=telemetry")) { Content = new StringContent("SELECT * FROM access_audit FORMAT JSON") };
        audit.Headers.TryAddWithoutValidation("X-ClickHouse-Key", $"{Sentinel}-admin");
        await SayAsync(client, audit, said);
    }

    private async Task SayAsync(HttpClient client, HttpRequestMessage request, StringBuilder said)
    {
        using HttpResponseMessage response = await client.SendAsync(request, _cancellation);
        foreach ((string name, IEnumerable<string> values) in response.Headers.Where(h => h.Key != "Set-Cookie"))
        {
            said.Append(name).AppendJoin(',', values);
        }

        said.Append(await response.Content.ReadAsStringAsync(_cancellation));
    }

    private static void AssertNothingIn(string said, params string[] more)
    {
        Assert.NotEmpty(said);
        foreach (string secret in more.Select(m => m[14..]).Prepend(Sentinel))
        {
            int at = said.IndexOf(secret, StringComparison.Ordinal);
            Assert.True(at < 0, at < 0 ? "" : said[Math.Max(0, at - 300)..Math.Min(said.Length, at + 60)]);
        }
    }

    [GeneratedRegex("health checks at (http://[^ \n]+)")]
    private static partial Regex HealthAddress();
}
