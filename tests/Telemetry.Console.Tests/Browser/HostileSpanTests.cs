using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Telemetry.Console.Tests.Browser;

/// <summary>Spans whose every text wants to be markup, script or a link that is one (Data/hostile.sql): they are shown literally and do nothing.</summary>
public sealed class HostileSpanTests(ConsoleFixture console, Chromium chromium) : IClassFixture<Chromium>
{
    private const string Markup = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script><svg onload=\"window.hacked=1\">";
    private const string Trace = "/traces/badbadbadbadbadbadbadbadbadbad00?tz=UTC&span=";

    // What stands in the document that did not come from a template of ours.
    private const string Injected = """
        () => [
          ...[...document.querySelectorAll('#app script, #app img, #app svg, #app iframe, #app object, #app embed, #app link, #app style, #app base')].map(e => e.outerHTML),
          ...[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].filter(a => a.name.startsWith('on') || a.name === 'srcdoc').map(a => `${e.tagName} ${a.name}`)),
          ...[...document.querySelectorAll('[href], [src], [action]')].filter(e => new URL(e.href || e.src || e.action, location).origin !== location.origin || !/^https?:$/.test(new URL(e.href || e.src || e.action, location).protocol)).map(e => e.outerHTML),
        ]
        """;

    public static TheoryData<string> Pages =>
    [
        "/?tz=UTC&from=now-1h", "/models?tz=UTC&from=now-1h", "/cost?tz=UTC&from=now-1h", "/cost?tz=UTC&from=now-1h&by=user", "/cost?tz=UTC&from=now-1h&by=prompt,prompt_version", "/cost?tz=UTC&from=now-1h&by=label",
        "/calls?tz=UTC&from=now-1h&tenant=" + Uri.EscapeDataString(Markup), "/quality?tz=UTC&from=now-1h", "/prompts?tz=UTC&from=now-1h&prompt=" + Uri.EscapeDataString(Markup),
        "/alerts?tz=UTC&from=now-1h&id=incident-hostile", "/anomalies?tz=UTC&from=now-1h", "/pipeline?tz=UTC&from=now-1h", Trace + "bad0000000000000", Trace + "bad0000000000009",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Texts_of_spans_stay_texts(string address)
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync(address);

        await Expect(visit.Page.Locator("main")).ToContainTextAsync("onerror=\"window.hacked=1\"");
        await AssertHarmlessAsync(visit);
    }

    [Fact]
    public async Task Messages_are_shown_literally_whatever_their_shape()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync(Trace + "bad0000000000000");

        ILocator chat = visit.Page.Locator(".conversation");
        foreach (string literal in (string[])
            ["<script>window.hacked=1</script> **bold** [link](javascript:window.hacked=1) https://evil.example/?q=<svg/onload=window.hacked=1>", "</div><script>window.hacked=1</script> no JSON at all", "<img src=x onerror=window.hacked=1>", "<iframe srcdoc=", "dangerouslySetInnerHTML", "<b>text</b>"])
        {
            await Expect(chat).ToContainTextAsync(literal);
        }

        Assert.Equal(0, await visit.Page.Locator(".conversation a").CountAsync());
        await AssertHarmlessAsync(visit);
    }

    [Fact]
    public async Task What_a_statement_answers_is_shown_literally()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/sql#query=" + Uri.EscapeDataString($"SELECT '{Markup}' AS `{Markup}`, map('{Markup}', ['{Markup}']) AS m"));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();

        await Expect(visit.Page.Locator("table tbody")).ToContainTextAsync(Markup);
        await AssertHarmlessAsync(visit);
    }

    [Fact]
    public async Task Addresses_with_markup_are_values()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync($"/calls?tz=UTC&service={Uri.EscapeDataString(Markup)}x&model=javascript:window.hacked%3D1");

        await Expect(visit.Page.Locator(".chip").First).ToContainTextAsync("<img");
        await AssertHarmlessAsync(visit);
    }

    [Fact]
    public async Task The_policy_stops_what_a_page_would_let_through()
    {
        await using Visit visit = await chromium.VisitAsync(console.Url);
        await visit.OpenAsync("/review");

        foreach (string attempt in (string[])
            ["document.querySelector('main').innerHTML = '<b>x</b>'", "document.body.setAttribute('onclick', 'window.hacked = 1')", "document.createElement('iframe').srcdoc = '<script>parent.hacked = 1</script>'", "document.createElement('script').src = '/evil.js'"])
        {
            Assert.Equal("TypeError", await visit.Page.EvaluateAsync<string>($"() => {{ try {{ {attempt}; return 'taken'; }} catch (e) {{ return e.name; }} }}"));
        }

        Assert.False(await visit.Page.EvaluateAsync<bool>("() => 'hacked' in window"));
        Assert.NotEmpty(visit.Wrong);
    }

    private static async Task AssertHarmlessAsync(Visit visit)
    {
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => 'hacked' in window"));
        JsonElement injected = (await visit.Page.EvaluateAsync(Injected))!.Value;
        Assert.Equal("[]", injected.GetRawText());
        visit.AssertClean();
    }
}
