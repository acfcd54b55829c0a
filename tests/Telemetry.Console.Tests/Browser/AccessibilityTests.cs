using System.Text.Json;

namespace Telemetry.Console.Tests.Browser;

/// <summary>Labels, contrast, structure: axe finds nothing on any page, in light and in dark.</summary>
public sealed class AccessibilityTests(ConsoleFixture console, Chromium chromium) : IClassFixture<Chromium>
{
    private const string Run = """
        async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })).violations
          .map(v => `${v.impact} ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => `${n.html.slice(0, 160)} (${n.any.concat(n.all)[0]?.message ?? ''})`).join(' | ')}`)
        """;

    private static readonly Lazy<string> s_axe = new(() => File.ReadAllText(Path.Combine(ConsoleFixture.RepositoryRoot, "node_modules/axe-core/axe.min.js")));

    public static TheoryData<string, bool> Pages
    {
        get
        {
            var pages = new TheoryData<string, bool>();
            foreach (string address in (string[])
                ["/", "/models", "/cost", "/calls", "/quality", "/prompts?prompt=answer", "/alerts?id=incident-pages", "/anomalies", "/review", "/pipeline", "/sql", "/traces/c0ffee00c0ffee00c0ffee00c0ffee00?span=a000000000000007"])
            {
                pages.Add(address, false);
                pages.Add(address, true);
            }

            return pages;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Nothing_keeps_anybody_out(string address, bool dark)
    {
        // The library that looks is no part of the page: the policy of the page is not for it.
        await using Visit visit = await chromium.VisitAsync(console.Url, dark, bypassPolicy: true);
        await visit.OpenAsync(address);
        await visit.Page.EvaluateAsync(s_axe.Value);

        JsonElement violations = (await visit.Page.EvaluateAsync(Run))!.Value;

        Assert.True(violations.GetArrayLength() == 0, string.Join('\n', violations.EnumerateArray()));
    }
}
