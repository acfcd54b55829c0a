using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Telemetry.Console.Tests.Browser;

/// <summary>The ways that people take through the pages, by mouse and by keys, in a real browser over real data.</summary>
public sealed class PathTests(ConsoleFixture console, Chromium chromium) : IClassFixture<Chromium>
{
    private const string Trace = "c0ffee00c0ffee00c0ffee00c0ffee00";

    [Fact]
    public async Task The_overview_shows_what_the_api_says()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        // A range that has ended, so that both say the same.
        const string Range = "from=now-26h&to=now-2h&tz=UTC";
        await visit.OpenAsync("/?" + Range);

        JsonElement now = (await console.GetAsync("/overview?" + Range)).GetProperty("now");
        string calls = await visit.Page.Locator(".signal", new() { HasText = "Calls" }).Locator("dd span").First.GetAttributeAsync("title") ?? "";
        Assert.InRange(int.Parse(calls.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture), now.GetProperty("calls").GetInt32() - 20, now.GetProperty("calls").GetInt32() + 20);
        await Expect(visit.Page.Locator(".chart canvas")).ToHaveCountAsync(4);
        await visit.OpenAsync("/?from=now-1h&tz=UTC");
        await Expect(visit.Page.Locator(".look")).ToContainTextAsync("error_rate is 20 %");
        visit.AssertClean();
    }

    [Fact]
    public async Task Every_figure_leads_to_its_statement_and_the_statement_runs()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/?from=now-3h&tz=UTC");

        await visit.Page.Locator("section[aria-label='Golden signals']").GetByRole(AriaRole.Button, new() { Name = "SQL" }).ClickAsync();
        await Expect(visit.Page.Locator("dialog[open] pre").First).ToContainTextAsync("FROM llm_rollups");
        await visit.Page.Locator("dialog[open]").GetByRole(AriaRole.Link, new() { Name = "Open in SQL" }).First.ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "1 row" })).ToBeVisibleAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Calls_are_filtered_paged_and_gone_back_to()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/calls?tz=UTC&from=now-12h");
        ILocator rows = visit.Page.Locator("main tbody tr");

        await visit.Page.GetByLabel("Add a filter").FillAsync("service=search");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page).ToHaveURLAsync(new Regex("service=search"));
        await Expect(visit.Page.Locator(".chip")).ToContainTextAsync("service = search");
        await Expect(rows.First.Locator("td").Nth(1)).ToHaveTextAsync("search");
        string first = await rows.First.Locator("a").First.GetAttributeAsync("href") ?? "";
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Next 50" }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("cursor="));
        await Expect(rows.First.Locator("a").First).Not.ToHaveAttributeAsync("href", first);
        await visit.Page.GoBackAsync();
        await Expect(rows.First.Locator("a").First).ToHaveAttributeAsync("href", first);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Duration" }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("sort=duration_ms"));
        visit.AssertClean();
    }

    [Fact]
    public async Task A_filter_that_is_not_understood_says_what_is()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/calls?tz=UTC");

        await visit.Page.GetByLabel("Add a filter").FillAsync("colour=red");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page.Locator("#filter-problem")).ToContainTextAsync("error_type");
        visit.AssertClean();
    }

    [Fact]
    public async Task A_trace_shows_the_conversation_its_cost_and_why_spans_were_not_billed()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync($"/traces/{Trace}?tz=UTC&span=a000000000000007");

        ILocator chat = visit.Page.Locator(".conversation .message");
        await Expect(chat.Last).ToContainTextAsync("A replacement, sent today");
        await Expect(visit.Page.Locator(".conversation")).ToContainTextAsync("lookup_order");
        await Expect(visit.Page.Locator("section[aria-label='Tokens and cost'] tfoot")).ToContainTextAsync("$0.000586");
        await Expect(visit.Page.Locator("section[aria-label='Judgements']")).ToContainTextAsync("relevance");
        await Expect(visit.Page.Locator(".waterfall tbody tr")).ToHaveCountAsync(7);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "invoke_agent order-helper" }).ClickAsync();
        await Expect(visit.Page.Locator(".span")).ToContainTextAsync("Not billed: a wrapper");
        await visit.Page.Locator(".waterfall a[href*=a000000000000006]").ClickAsync();
        await Expect(visit.Page.Locator(".span")).ToContainTextAsync("Billed, price unknown: no usage");
        await Expect(visit.Page.Locator("section[aria-label='Tokens and cost'] tfoot")).ToContainTextAsync("unknown");
        await Expect(visit.Page.Locator("section[aria-label='Tokens and cost'] tfoot")).Not.ToContainTextAsync("$0");
        visit.AssertClean();
    }

    [Fact]
    public async Task An_unknown_price_is_unknown_and_never_zero()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/models?tz=UTC&from=now-24h");

        ILocator row = visit.Page.Locator("tbody tr", new() { HasText = "house-model-1" }).First;
        await Expect(row.Locator(".unknown").First).ToHaveTextAsync("unknown");
        await Expect(row).Not.ToContainTextAsync("$0");
        visit.AssertClean();
    }

    [Fact]
    public async Task Keys_alone_lead_to_a_trace_and_back()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/?tz=UTC&from=now-6h");
        IKeyboard keys = visit.Page.Keyboard;

        await keys.PressAsync("g");
        await keys.PressAsync("s");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Calls");
        await visit.SettleAsync();
        await keys.PressAsync("/");
        await keys.TypeAsync("status=error");
        await keys.PressAsync("Enter");
        await Expect(visit.Page).ToHaveURLAsync(new Regex("status=error"));
        await keys.PressAsync("Escape");
        await Expect(visit.Page.Locator("tbody .badge.bad").First).ToBeVisibleAsync();
        await visit.SettleAsync();
        await keys.PressAsync("j");
        await keys.PressAsync("j");
        await keys.PressAsync("k");
        await Expect(visit.Page.Locator("[data-row]").First).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Trace");
        await keys.PressAsync("?");
        await Expect(visit.Page.Locator("dialog.help")).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Expect(visit.Page.Locator("dialog.help")).ToBeHiddenAsync();
        await keys.PressAsync("g");
        await keys.PressAsync("o");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Overview");
        visit.AssertClean();
    }

    [Fact]
    public async Task An_incident_is_acknowledged_and_silenced_and_the_silence_ended()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/alerts?tz=UTC&id=incident-pages");

        ILocator acknowledge = visit.Page.GetByRole(AriaRole.Form, new() { Name = "Acknowledge" });
        await acknowledge.GetByLabel("Your name").FillAsync("ada <b>");
        await acknowledge.GetByLabel("What for").FillAsync("rolling back");
        await acknowledge.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Acknowledged" })).ToBeVisibleAsync();
        Assert.Equal("1", await console.AskOneAsync("SELECT count() FROM alert_acknowledgements WHERE incident_id = 'incident-pages' AND by = 'ada <b>'"));

        ILocator silence = visit.Page.GetByRole(AriaRole.Form, new() { Name = "Silence" });
        await silence.GetByLabel("Your name").FillAsync("ada");
        await silence.GetByLabel("Why").FillAsync("deploy of pages");
        await silence.GetByRole(AriaRole.Button, new() { Name = "Silence" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Silenced" })).ToBeVisibleAsync();
        await visit.OpenAsync("/alerts?tz=UTC");
        ILocator row = visit.Page.Locator("section[aria-label='Silences'] tbody tr", new() { HasText = "deploy of pages" });
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        visit.AssertClean();
    }

    [Fact]
    public async Task Two_versions_of_a_prompt_stand_side_by_side()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/prompts?tz=UTC&from=now-10d&prompt=answer");

        ILocator table = visit.Page.Locator("section[aria-label='Side by side']");
        await Expect(table.GetByLabel("Older version")).ToHaveValueAsync("v1");
        await Expect(table.GetByLabel("Newer version")).ToHaveValueAsync("v2");
        await Expect(table.Locator("tbody tr")).ToHaveCountAsync(13);
        visit.AssertClean();
    }

    [Fact]
    public async Task The_theme_is_switched_and_stays()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/review");

        string light = await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        await visit.Page.Keyboard.PressAsync("t");
        await visit.Page.Keyboard.PressAsync("t");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.NotEqual(light, await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        visit.AssertClean();
    }

    [Fact]
    public async Task An_address_that_is_no_page_says_so()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        IResponse? response = await visit.Page.GotoAsync("/nowhere");

        Assert.Equal(404, response!.Status);
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("There is no such page");
    }

    [Fact]
    public async Task An_unknown_trace_says_what_may_be()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.Page.GotoAsync("/traces/0123456789abcdef0123456789abcdef");

        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Calls are kept 90 days");
    }
}
