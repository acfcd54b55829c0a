using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Alerting.Notify;
using Telemetry.Alerting.Notify.Channels;
using Telemetry.Alerting.Tests.Support;
using Telemetry.Alerting.Track;
using Telemetry.Hosting.Http;

namespace Telemetry.Alerting.Tests.Notify;

/// <summary>What each receiver gets, with hostile text in everything that spans carry.</summary>
public sealed class ChannelTests
{
    private const string Hostile = "<!channel> *b* [x](http://evil) <script>alert(1)</script>\r\nBcc: all@example.com\u202e & | `";
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_is_signed_and_keeps_its_id()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await SendAsync(Definition("webhook", receiver.Url) with { Secret = "s3cret" }, Fired());
        Received got = Assert.Single(receiver.Received);
        Assert.Equal(WebhookChannel.Signature("s3cret", got.Headers["X-Telemetry-Timestamp"], got.Body), got.Headers["X-Telemetry-Signature"]);
        Assert.Equal("g1-c", got.Headers["Idempotency-Key"]);
        JsonElement incident = got.Json.GetProperty("notifications")[0].GetProperty("incidents")[0];
        Assert.Equal("firing", incident.GetProperty("state").GetString());
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", incident.GetProperty("trace_ids")[0].GetString());
        Assert.Equal("https://console.example/incidents/i1", incident.GetProperty("link").GetString());
    }

    [Fact]
    public void The_signature_is_the_one_that_any_hmac_gives() =>
        // printf '1.{}' | openssl dgst -sha256 -hmac key
        Assert.Equal("v1=" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("key"u8, "1.{}"u8)), WebhookChannel.Signature("key", "1", "{}"u8));

    [Fact]
    public async Task In_slack_nothing_of_a_span_is_a_mention_or_a_link()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await SendAsync(Definition("slack", receiver.Url), Fired());
        string body = Encoding.UTF8.GetString(receiver.Received[0].Body);
        Assert.DoesNotContain("<!channel", body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", body, StringComparison.Ordinal);
        string text = receiver.Received[0].Json.GetProperty("attachments")[0].GetProperty("blocks")[0].GetProperty("text").GetProperty("text").GetString()!;
        Assert.Contains("&lt;!channel&gt;", text, StringComparison.Ordinal);
        Assert.Contains("<https://runbooks.example/errors|Runbook>", text, StringComparison.Ordinal);
        Assert.Contains("since: 2026-11-21 03:00:00 UTC", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Teams_gets_an_adaptive_card_in_which_no_markdown_begins()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await SendAsync(Definition("teams", receiver.Url), Fired());
        JsonElement attachment = receiver.Received[0].Json.GetProperty("attachments")[0];
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        string card = attachment.GetProperty("content").GetProperty("body").ToString();
        Assert.DoesNotContain(" [x](http", card, StringComparison.Ordinal);
        Assert.Equal("Incident", attachment.GetProperty("content").GetProperty("actions")[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task Pagerduty_opens_and_closes_one_alert_by_the_id_of_the_incident()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        ChannelDefinition channel = Definition("pagerduty", receiver.Url) with { Secret = "routing" };
        await SendAsync(channel, Fired());
        await SendAsync(channel, Resolved());
        JsonElement[] events = [.. receiver.Received.Select(r => r.Json)];
        Assert.Equal(["trigger", "resolve"], events.Select(e => e.GetProperty("event_action").GetString()));
        Assert.All(events, e => Assert.Equal(("i1", "routing"), (e.GetProperty("dedup_key").GetString(), e.GetProperty("routing_key").GetString())));
        JsonElement payload = events[0].GetProperty("payload");
        Assert.Equal("critical", payload.GetProperty("severity").GetString());
        Assert.InRange(payload.GetProperty("summary").GetString()!.Length, 1, 1024);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", payload.GetProperty("custom_details").GetProperty("traces").GetString());
    }

    [Fact]
    public async Task Alertmanager_gets_labels_annotations_and_an_end()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        ChannelDefinition channel = Definition("alertmanager", receiver.Url) with { User = "u", Secret = "p" };
        await SendAsync(channel, Fired());
        await SendAsync(channel, Resolved());
        Received first = receiver.Received[0];
        Assert.Equal("/api/v2/alerts", first.Path);
        Assert.Equal("Basic dTpw", first.Headers["Authorization"]);
        JsonElement alert = first.Json[0];
        Assert.Equal("error-rate", alert.GetProperty("labels").GetProperty("alertname").GetString());
        Assert.Equal("https://runbooks.example/errors", alert.GetProperty("annotations").GetProperty("runbook_url").GetString());
        Assert.True(alert.GetProperty("endsAt").GetDateTimeOffset() > Start.AddDays(1));
        Assert.Equal(Start.AddMinutes(5), receiver.Received[1].Json[0].GetProperty("endsAt").GetDateTimeOffset());
        Assert.Equal(alert.GetProperty("labels").ToString(), receiver.Received[1].Json[0].GetProperty("labels").ToString());
    }

    [Fact]
    public async Task A_mail_has_one_subject_line_a_stable_id_and_no_markup_of_a_span()
    {
        await using var server = new SmtpServer();
        ChannelDefinition channel = Definition("email", null) with { Host = "127.0.0.1", Port = server.Port, Tls = false, From = "alerts@example.com", To = ["oncall@example.com"] };
        await SendAsync(channel, Fired());
        string mail = Assert.Single(server.Mails);
        Assert.Contains("Message-ID: <g1-c@example.com>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\nBcc:", mail, StringComparison.OrdinalIgnoreCase);
        string decoded = string.Join('\n', mail.Split("\n\n").Select(Decode));
        Assert.Contains("&lt;script&gt;", decoded, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://runbooks.example/errors\">Runbook</a>", decoded, StringComparison.Ordinal);

        server.Verdict = "550 no such mailbox";
        SendException refusal = await Assert.ThrowsAsync<SendException>(() => SendAsync(channel, Fired()));
        Assert.True(refusal.IsPermanent);
        server.Verdict = "451 later";
        Assert.False((await Assert.ThrowsAsync<SendException>(() => SendAsync(channel, Fired()))).IsPermanent);
    }

    [Fact]
    public async Task An_answer_that_repeats_a_secret_is_told_without_it()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 403;
            return context.Response.Body.WriteAsync("bad key s3cret"u8.ToArray()).AsTask();
        };
        SendException refusal = await Assert.ThrowsAsync<SendException>(() => SendAsync(Definition("webhook", receiver.Url) with { Secret = "s3cret", Secrets = ["s3cret"] }, Fired()));
        Assert.Equal("the receiver answered 403 Forbidden: bad key (secret)", refusal.Message);
        Assert.False(refusal.IsPermanent);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("93.184.216.34", false)]
    [InlineData("::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("::10.0.0.1", true)]
    [InlineData("64:ff9b::10.0.0.1", true)]
    [InlineData("2002:0a00:0001::", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fc00::1", true)]
    [InlineData("2606:2800:220:1::1", false)]
    public void Private_networks_are_known(string address, bool isPrivate) => Assert.Equal(isPrivate, GuardedHttp.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_private_address_is_not_connected_to_by_number_or_by_name(string host)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        ChannelDefinition channel = Definition("webhook", new Uri($"http://{host}:{receiver.Url.Port}/")) with { AllowPrivate = false };
        SendException refusal = await Assert.ThrowsAsync<SendException>(() => SendAsync(channel, Fired()));
        Assert.Contains("is in a private network", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(receiver.Received);
    }

    private static string Decode(string part)
    {
        string compact = part.Replace("\n", "", StringComparison.Ordinal);
        int end = compact.IndexOf("--", StringComparison.Ordinal);
        byte[] buffer = new byte[compact.Length];
        return Convert.TryFromBase64String(end >= 0 ? compact[..end] : compact, buffer, out int length) ? Encoding.UTF8.GetString(buffer, 0, length) : part;
    }

    private static Notification Fired() => new("g1", "c", NotificationKinds.Fired, Start, [Incident()]);

    private static Notification Resolved() => new(
        "g2", "c", NotificationKinds.Resolved, Start, [Incident() with { State = IncidentState.Resolved, ResolvedAt = Start.AddMinutes(5) }]);

    private static Incident Incident() => new()
    {
        Id = "i1",
        Key = "k",
        Rule = "error-rate",
        Labels = new Dictionary<string, string> { ["service"] = Hostile, ["model"] = "gpt-4o-mini" },
        Severity = "critical",
        State = IncidentState.Firing,
        StartedAt = Start,
        FiredAt = Start,
        Text = "error_rate is 12 % over 5m; an incident above 5 %",
        Summary = "Calls fail",
        Runbook = "https://runbooks.example/errors",
        TraceIds = ["0af7651916cd43dd8448eb211c80319c"],
    };

    private static ChannelDefinition Definition(string type, Uri? url) => new() { Name = "c", Type = type, Url = url, AllowPrivate = true };

    private async Task SendAsync(ChannelDefinition definition, Notification notification)
    {
        using IChannel channel = ChannelFactory.Create(definition, new MessageBuilder("https://console.example/incidents/{incident}", ""), NullLoggerFactory.Instance, TimeProvider.System);
        await channel.SendAsync([notification], _cancellation);
    }
}
