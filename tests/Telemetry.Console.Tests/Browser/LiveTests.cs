using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Telemetry.Console.Tests.Browser;

/// <summary>Pages ask again by themselves, slower when it fails, and not while nobody looks. The browser's clock is the test's.</summary>
public sealed class LiveTests(ConsoleFixture console, Chromium chromium) : IClassFixture<Chromium>
{
    private const string Hide = "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }";
    private const string Show = "() => { Object.defineProperty(document, 'hidden', { value: false, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }";

    [Fact]
    public async Task A_page_asks_again_until_it_is_hidden_or_paused()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        int asked = 0;
        await visit.Page.Clock.InstallAsync();
        visit.Page.Request += (_, request) => asked += request.Url.Contains("/api/v1/pipeline", StringComparison.Ordinal) ? 1 : 0;
        await visit.OpenAsync("/pipeline?tz=UTC");
        Assert.Equal(1, asked);

        await visit.Page.RunAndWaitForResponseAsync(() => visit.Page.Clock.RunForAsync(130_000), r => r.Url.Contains("/api/v1/pipeline", StringComparison.Ordinal));
        await visit.Page.EvaluateAsync(Hide);
        int before = asked;
        await visit.Page.Clock.RunForAsync(600_000);
        Assert.Equal(before, asked);
        await visit.Page.RunAndWaitForResponseAsync(() => visit.Page.EvaluateAsync(Show), r => r.Url.Contains("/api/v1/pipeline", StringComparison.Ordinal));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Live" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Paused" })).ToBeVisibleAsync();
        before = asked;
        await visit.Page.Clock.RunForAsync(600_000);
        Assert.Equal(before, asked);
        visit.AssertClean();
    }

    [Fact]
    public async Task An_answer_that_fails_is_told_asked_for_again_and_replaced()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.Page.Clock.InstallAsync();
        await visit.Page.RouteAsync("**/api/v1/pipeline*", route => route.AbortAsync());
        await visit.Page.GotoAsync("/pipeline?tz=UTC");
        await Expect(visit.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("cannot be reached");

        await visit.Page.UnrouteAsync("**/api/v1/pipeline*");
        await visit.Page.RunAndWaitForResponseAsync(() => visit.Page.Clock.RunForAsync(130_000), r => r.Url.Contains("/api/v1/pipeline", StringComparison.Ordinal) && r.Ok);
        await Expect(visit.Page.Locator("section[aria-label='Written'] tbody tr")).ToHaveCountAsync(8);
    }

    [Fact]
    public async Task Before_the_first_call_the_overview_says_which_variables_to_set()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        // The real answer with no call in it.
        await visit.Page.RouteAsync("**/api/v1/overview*", async route =>
        {
            IAPIResponse answer = await route.FetchAsync();
            JsonNode body = JsonNode.Parse(await answer.TextAsync())!;
            body["now"]!["calls"] = 0;
            body["freshness"]!["last_call_at"] = null;
            await route.FulfillAsync(new() { Response = answer, Body = body.ToJsonString() });
        });
        await visit.OpenAsync("/?tz=UTC");

        ILocator empty = visit.Page.Locator(".empty");
        await Expect(empty).ToContainTextAsync("export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:");
        await Expect(empty).ToContainTextAsync("export OTEL_EXPORTER_OTLP_PROTOCOL=grpc");
        await Expect(empty).ToContainTextAsync("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT");
        visit.AssertClean();
    }
}
