using Telemetry.Alerting.Notify;
using Telemetry.Alerting.Read;
using Telemetry.TestKit;

namespace Telemetry.Alerting.Tests.Notify;

public sealed class ChannelFileTests
{
    [Fact]
    public void Secrets_come_from_the_environment_or_a_file()
    {
        using var directory = new TemporaryDirectory();
        string secret = Path.Combine(directory.Path, "secret");
        File.WriteAllText(secret, "from-file\n");
        Environment.SetEnvironmentVariable("ALERTING_TEST_HOOK", "https://hooks.example/T/B/xyz");
        IReadOnlyList<ChannelDefinition> channels = Read(
            directory, $"channels:\n  - {{ name: s, type: slack, url: \"${{env:ALERTING_TEST_HOOK}}\" }}\n  - {{ name: w, type: webhook, url: \"https://example.com/x\", secret: \"file:{secret}\" }}\n");
        Assert.Equal("https://hooks.example/T/B/xyz", channels[0].Url!.AbsoluteUri);
        Assert.Equal("from-file", channels[1].Secret);
        Assert.Equal(["from-file"], channels[1].Secrets);
    }

    [Theory]
    [InlineData("{ name: s, type: slack, url: \"https://hooks.example/T/B/abc\" }", ":2:34: url: allowed: ${env:NAME} or file:/path")]
    [InlineData("{ name: p, type: pagerduty, routing_key: plain-secret }", "routing_key: allowed: ${env:NAME} or file:/path")]
    [InlineData("{ name: p, type: pagerduty }", ":2:5: routing_key is missing")]
    [InlineData("{ name: p, type: pigeon }", "type = \"pigeon\"; allowed: slack, pagerduty, alertmanager, webhook, email, teams, log")]
    [InlineData("{ name: e, type: email, host: h, from: a@b.c, to: nobody }", "to = \"nobody\"; allowed: mail addresses")]
    [InlineData("{ name: w, type: webhook, url: \"ftp://x\" }", "url is no http or https address")]
    [InlineData("{ name: w, type: log, colour: red }", "unknown field \"colour\"")]
    public void What_is_wrong_is_told_without_showing_secrets(string channel, string error)
    {
        using var directory = new TemporaryDirectory();
        RuleFileException e = Assert.Throws<RuleFileException>(() => Read(directory, $"channels:\n  - {channel}\n"));
        Assert.Contains(e.Errors, x => x.Contains(error, StringComparison.Ordinal));
        Assert.DoesNotContain("plain-secret", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hooks.example", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_that_a_rule_names_must_exist()
    {
        RuleSet rules = Support.Rules.Parse("rules:\n  - { name: a, metric: calls, operator: \"<\", threshold: 1, window: 5m, notify: [nobody] }\n");
        Assert.Contains("a: notify = \"nobody\"; allowed: log", Assert.Single(Route.Unknown(rules, ChannelFile.Read(""))), StringComparison.Ordinal);
    }

    private static IReadOnlyList<ChannelDefinition> Read(TemporaryDirectory directory, string text)
    {
        string path = Path.Combine(directory.Path, "channels.yaml");
        File.WriteAllText(path, text);
        return ChannelFile.Read(path);
    }
}
