using System.Text.RegularExpressions;

namespace Telemetry.Console.Tests.Prometheus;

/// <summary>What the documents name is there.</summary>
public sealed class DocumentTests(ConsoleFixture console)
{
    [Fact]
    public async Task Every_metric_of_the_document_is_on_the_page_and_every_family_of_the_page_in_the_document()
    {
        string page = await console.Http.GetStringAsync(new Uri(console.Url, "/metrics"), TestContext.Current.CancellationToken);
        string document = await File.ReadAllTextAsync(Path.Combine(ConsoleFixture.RepositoryRoot, "docs", "prometheus.md"), TestContext.Current.CancellationToken);

        string[] shown = [.. Regex.Matches(page, "^# TYPE (telemetry_llm_[a-z_]+) ", RegexOptions.Multiline).Select(m => m.Groups[1].Value)];
        string[] named = [.. Regex.Matches(document, "telemetry_llm_[a-z_]+").Select(m => Regex.Replace(m.Value, "_bucket$", "")).Distinct()];
        Assert.Equal(shown.Order(), named.Order());
    }

    [Fact]
    public async Task Every_question_of_the_document_of_the_api_is_answered()
    {
        string document = await File.ReadAllTextAsync(Path.Combine(ConsoleFixture.RepositoryRoot, "docs", "api.md"), TestContext.Current.CancellationToken);

        string[] paths = [.. Regex.Matches(document, @"^\| (`/[^|]+) \|", RegexOptions.Multiline).SelectMany(m => Regex.Matches(m.Groups[1].Value, "`([^`]+)`")).Select(m => m.Groups[1].Value)];
        Assert.True(paths.Length > 15);
        foreach (string path in paths.Where(p => !p.Contains("...", StringComparison.Ordinal)))
        {
            string real = path.Replace("{trace}/{span}", "00000000000000000000000000000001/0000000000000001", StringComparison.Ordinal).Replace("{trace}", "00000000000000000000000000000001", StringComparison.Ordinal)
                .Replace("{id}", "incident-0", StringComparison.Ordinal).Replace("{name}", "model", StringComparison.Ordinal);
            await console.GetAsync(real);
        }
    }
}
