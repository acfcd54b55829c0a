using Microsoft.Playwright;

namespace Telemetry.Console.Tests.Browser;

/// <summary>Draws docs/screenshots anew; scripts/screenshots.sh runs it. No test: it is asked for by name alone.</summary>
public sealed class Screenshots(ConsoleFixture console, Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly (string Name, string Address, bool Dark)[] s_pages =
    [
        ("overview", "/?from=now-24h", false), ("overview-dark", "/?from=now-24h", true), ("models", "/models?from=now-24h", false), ("cost", "/cost?from=now-7d&by=tenant", false),
        ("calls", "/calls?from=now-24h&status=error", false), ("calls-dark", "/calls?from=now-24h", true),
        ("trace", "/traces/c0ffee00c0ffee00c0ffee00c0ffee00?span=a000000000000007", false), ("trace-dark", "/traces/c0ffee00c0ffee00c0ffee00c0ffee00?span=a000000000000007", true),
        ("quality", "/quality?from=now-24h", false), ("prompts", "/prompts?from=now-10d&prompt=answer", false), ("alerts", "/alerts?id=incident-pages", false), ("anomalies", "/anomalies?from=now-24h", false),
        ("review", "/review?from=now-24h", false), ("pipeline", "/pipeline?from=now-24h", false), ("sql", "/sql", false), ("sql-of-a-figure", "/?from=now-24h", false),
    ];

    [Fact(Explicit = true)]
    public async Task Draw_every_page()
    {
        string folder = Path.Combine(ConsoleFixture.RepositoryRoot, "docs/screenshots");
        Directory.CreateDirectory(folder);
        await RemoveHostileAsync();
        foreach ((string name, string address, bool dark) in s_pages)
        {
            await using Visit visit = await chromium.VisitAsync(console.Url, dark, width: 1360, height: 850);
            await visit.OpenAsync($"{address}{(address.Contains('?', StringComparison.Ordinal) ? "&" : "?")}tz=UTC");
            if (name == "sql")
            {
                await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
                await visit.Page.GetByRole(AriaRole.Group, new() { Name = "Result" }).WaitForAsync();
            }
            else if (name == "sql-of-a-figure")
            {
                await visit.Page.Locator("section[aria-label='Spending']").GetByRole(AriaRole.Button, new() { Name = "SQL" }).ClickAsync();
            }

            // Charts are drawn in the frame after their data.
            await visit.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), Animations = ScreenshotAnimations.Disabled });
            visit.AssertClean();
        }
    }

    // The texts of the hostile spans are for tests alone. Nobody else looks at the data of this run.
    private async Task RemoveHostileAsync()
    {
        foreach (string table in (string[])["llm_calls", "llm_scores", "llm_anomalies", "llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d"])
        {
            await console.Writer.ExecuteAsync($"ALTER TABLE {table} DELETE WHERE position(service, 'hacked') > 0 OR position(service, 'back') > 0 SETTINGS mutations_sync = 2", null, TestContext.Current.CancellationToken);
        }

        foreach (string table in (string[])["alert_incidents", "alert_silences", "dead_letters"])
        {
            string column = table switch { "alert_incidents" => "summary", "alert_silences" => "comment", _ => "reason" };
            await console.Writer.ExecuteAsync($"ALTER TABLE {table} DELETE WHERE position({column}, 'hacked') > 0 SETTINGS mutations_sync = 2", null, TestContext.Current.CancellationToken);
        }
    }
}
