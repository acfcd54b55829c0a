using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Alerting.Read;
using Telemetry.Alerting.Tests.Support;
using Telemetry.TestKit;

namespace Telemetry.Alerting.Tests.Read;

public sealed class RuleFileTests
{
    private const string Good = "rules:\n  - name: a\n    metric: error_rate\n    operator: \">\"\n    threshold: 5%\n    window: 5m\n";

    [Fact]
    public void Every_shipped_rule_is_read() => Assert.Equal(
        [
            "anomaly", "cost-per-request", "daily-budget", "dead-letters", "error-rate", "judge-drift", "latency-p99", "no-data", "pii-exposure", "pipeline-lag", "positive-feedback", "refusal-spike",
            "safety-compliance", "slo-availability", "slo-ttft", "tokens-per-request", "ttft-p95", "unknown-price",
        ],
        RuleFiles.Read(RuleFiles.ShippedDirectory).Rules.Select(r => r.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void A_rule_is_what_its_fields_say()
    {
        Rule rule = Rules.Parse(Good + "    for: 90s\n    group_by: [service, user]\n    filters: { environment: production, not model: [a, b] }\n    escalate: [{ after: 15m, notify: [boss] }]\n").Rules[0];
        ThresholdCondition condition = Assert.IsType<ThresholdCondition>(rule.Condition);
        Assert.Equal(0.05, condition.Threshold);
        Assert.Equal(TimeSpan.FromSeconds(90), rule.For);
        Assert.Equal(["service", "user"], rule.GroupBy.Select(d => d.Name));
        Assert.True(rule.Filters[1].Excluded);
        Assert.Equal(["boss"], rule.Escalations[0].Channels);
    }

    [Theory]
    [InlineData("    treshold: 3\n", "7:5: unknown field \"treshold\"; allowed here: ")]
    [InlineData("    for: soon\n", "7:10: for = \"soon\"; allowed: a duration from 0s to 31d")]
    [InlineData("    severity: huge\n", "7:15: severity = \"huge\"; allowed: info, warning, critical")]
    [InlineData("    group_by: [service, colour]\n", "7:25: group_by = \"colour\"; allowed: tenant, service")]
    [InlineData("    filters: { colour: red }\n", "7:24: filters: unknown dimension \"colour\"; allowed: tenant, service")]
    [InlineData("    runbook: javascript:alert(1)\n", "7:14: runbook = \"javascript:alert(1)\"; allowed: an http or https link")]
    [InlineData("    resolve_threshold: 6%\n", "7:24: resolve_threshold = \"6%\"; allowed: not above threshold")]
    [InlineData("    budget: { amount: 3 }\n", "2:5: exactly one of metric, slo, budget, anomaly is needed; found: metric, budget")]
    public void What_is_wrong_is_told_with_its_place_and_what_is_allowed(string line, string error) =>
        Assert.StartsWith(error, Assert.Single(Rules.Errors(Good + line)), StringComparison.Ordinal);

    [Fact]
    public void All_errors_are_told_at_once()
    {
        IReadOnlyList<string> errors = Rules.Errors("rules:\n  - { name: a, metric: colour, operator: \"=\", threshold: much, window: 5m }\n  - { name: b, slo: { objective: 101% } }\nother: 1\n");
        Assert.Equal(5, errors.Count);
        Assert.Contains(errors, e => e.StartsWith("4:1: unknown field \"other\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_are_unique_in_a_directory_and_replace_those_of_the_one_before()
    {
        Assert.Contains("names must be unique", Assert.Single(Rules.Errors(Good + Good["rules:\n".Length..])), StringComparison.Ordinal);
        using var mine = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(mine.Path, "mine.yaml"), Good.Replace("name: a", "name: error-rate", StringComparison.Ordinal));
        RuleSet both = RuleFiles.Read(RuleFiles.ShippedDirectory, mine.Path);
        Assert.Equal(RuleFiles.Read(RuleFiles.ShippedDirectory).Rules.Count, both.Rules.Count);
        Assert.Contains("mine.yaml", both.Rules.Single(r => r.Name == "error-rate").Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_files_are_taken_and_wrong_ones_keep_the_last_good_set()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "r.yaml");
        File.WriteAllText(path, Good);
        var files = new WatchedFiles<RuleSet>("rules", () => YamlFiles.Stamp(directory.Path), () => RuleFiles.Read(directory.Path), NullLogger.Instance);

        File.WriteAllText(path, Good.Replace("name: a", "name: brand-new", StringComparison.Ordinal));
        files.Look();
        Assert.Equal("a", files.Current.Rules[0].Name); // It may still be being written.
        files.Look();
        Assert.Equal("brand-new", files.Current.Rules[0].Name);

        File.WriteAllText(path, Good + "    colour: red\n");
        files.Look();
        files.Look();
        Assert.Equal("brand-new", files.Current.Rules[0].Name);
        Assert.Contains("r.yaml:7:5: unknown field \"colour\"", files.Problem, StringComparison.Ordinal);

        File.WriteAllText(path, Good);
        files.Look();
        files.Look();
        Assert.Null(files.Problem);
        Assert.Equal("a", files.Current.Rules[0].Name);
    }

    [Theory]
    [InlineData("2026-11-21T01:30:00Z", true)] // Saturday 02:30 in Berlin
    [InlineData("2026-11-21T00:30:00Z", false)]
    [InlineData("2026-11-22T00:30:00Z", false)]
    public void A_maintenance_window_is_in_its_own_time_zone(string at, bool inside)
    {
        MaintenanceWindow window = Rules.Parse("maintenance:\n  - { name: night, matchers: { service: batch }, days: [sat], from: \"02:00\", until: \"04:00\", time_zone: Europe/Berlin }\n").Maintenance[0];
        Assert.Equal(inside, window.Contains(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_maintenance_window_can_pass_midnight()
    {
        MaintenanceWindow window = Rules.Parse("maintenance:\n  - { name: night, matchers: { rule: \"*\" }, days: [fri], from: \"23:00\", until: \"01:00\" }\n").Maintenance[0];
        Assert.True(window.Contains(new DateTimeOffset(2026, 11, 20, 23, 30, 0, TimeSpan.Zero)));
        Assert.True(window.Contains(new DateTimeOffset(2026, 11, 21, 0, 30, 0, TimeSpan.Zero)));
        Assert.False(window.Contains(new DateTimeOffset(2026, 11, 20, 0, 30, 0, TimeSpan.Zero)));
    }
}
