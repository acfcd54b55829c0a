using System.Text.Json;
using Telemetry.Access.Accounts;
using Telemetry.TestKit;

namespace Telemetry.Access.Tests.Web;

public class GateTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/overview")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/API/V1/calls")]
    [InlineData("//api/v1/calls")]
    [InlineData("/healthz/../api/v1/calls")]
    [InlineData("/healthz/")]
    [InlineData("/metrics%2f..%2fapi")]
    [InlineData("/api/v1/me")]
    public async Task Nobody_gets_anywhere_without_signing_in(string path)
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete, HttpMethod.Options, HttpMethod.Head])
        {
            (int status, string body, HttpResponseMessage response) = await site.SendAsync(method, path, null, ("Authorization", "Bearer ta_wrong"), ("Cookie", "telemetry=" + new string('0', 64)));
            Assert.Equal((401, "Bearer"), (status, response.Headers.WwwAuthenticate.Single().Scheme));
            Assert.DoesNotContain(" by ", body, StringComparison.Ordinal);
        }

        (int page, _, HttpResponseMessage redirect) = await site.SendAsync(HttpMethod.Get, "/calls?from=now-1h", null, ("Accept", "text/html"));
        Assert.Equal((302, "/sign-in?next=%2Fcalls%3Ffrom%3Dnow-1h"), (page, redirect.Headers.Location!.ToString()));
        Assert.Equal("ok", (await site.SendAsync(HttpMethod.Get, "/healthz")).Body);
    }

    [Fact]
    public async Task Who_signs_in_is_known_until_they_sign_out()
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        (int status, _, HttpResponseMessage signedIn) = await site.SignInAsync("ann", GuardedSite.Password, "/calls?a=b");
        Assert.Equal((302, "/calls?a=b"), (status, signedIn.Headers.Location!.ToString()));
        (string, string) cookie = GuardedSite.Cookie(signedIn);
        Assert.Equal("GET by ann", (await site.SendAsync(HttpMethod.Get, "/", null, cookie)).Body);
        JsonElement me = JsonDocument.Parse((await site.SendAsync(HttpMethod.Get, "/api/v1/me", null, cookie)).Body).RootElement;
        Assert.Equal(("ann", "admin", true), (me.GetProperty("name").GetString(), me.GetProperty("role").GetString(), me.GetProperty("may_read_content").GetBoolean()));
        Assert.Equal(302, (await site.SendAsync(HttpMethod.Post, "/sign-out", null, cookie)).Status);
        Assert.Equal(401, (await site.SendAsync(HttpMethod.Get, "/", null, cookie)).Status);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_other_sites_and_other_hosts()
    {
        await using GuardedSite plain = await GuardedSite.StartAsync();
        string set = (await plain.SignInAsync("ann", GuardedSite.Password)).Response.Headers.GetValues("Set-Cookie").Single().ToLowerInvariant();
        Assert.Contains("httponly", set, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", set, StringComparison.Ordinal);
        Assert.Contains("path=/", set, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", set, StringComparison.Ordinal);
        await using GuardedSite secure = await GuardedSite.StartAsync(o => o.SecureCookies = true);
        set = (await secure.SignInAsync("ann", GuardedSite.Password)).Response.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-telemetry=", set, StringComparison.Ordinal);
        Assert.Contains("secure", set, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Signing_in_gives_a_session_of_its_own_and_ends_the_one_before()
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        (string, string) first = GuardedSite.Cookie((await site.SignInAsync("bob", GuardedSite.Password)).Response);
        (string, string) second = GuardedSite.Cookie((await site.SignInAsync("ann", GuardedSite.Password, "", first)).Response);
        Assert.NotEqual(first, second);
        Assert.Equal(401, (await site.SendAsync(HttpMethod.Get, "/", null, first)).Status);
        Assert.Equal("GET by ann", (await site.SendAsync(HttpMethod.Get, "/", null, second)).Body);
    }

    [Theory]
    [InlineData("Origin", "https://evil.test")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Pages_of_other_sites_change_nothing_and_sign_nobody_in_or_out(string header, string value)
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        (string, string) cookie = GuardedSite.Cookie((await site.SignInAsync("ann", GuardedSite.Password)).Response);
        foreach (string path in (string[])["/api/v1/silences", "/sign-out", "/sign-in"])
        {
            foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Delete, HttpMethod.Put])
            {
                Assert.Equal(403, (await site.SendAsync(method, path, null, cookie, (header, value))).Status);
            }
        }

        Assert.Equal(403, (await site.SignInAsync("ann", GuardedSite.Password, "", (header, value))).Status);
        Assert.Equal("POST by ann", (await site.SendAsync(HttpMethod.Post, "/api/v1/silences", null, cookie, ("Origin", site.Url.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"))).Body);
    }

    [Theory]
    [InlineData("https://evil.test/", "/")]
    [InlineData("//evil.test/", "/")]
    [InlineData("/\\evil.test/", "/")]
    [InlineData("/\t/evil.test", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/a\r\nSet-Cookie: x=y", "/")]
    [InlineData("/calls", "/calls")]
    public async Task Nobody_is_led_elsewhere_by_signing_in(string next, string expected)
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        Assert.Equal(expected, (await site.SignInAsync("ann", GuardedSite.Password, next)).Response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task What_is_typed_or_linked_is_never_markup()
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        const string Attack = "/\"><script>alert(1)</script>";
        Assert.DoesNotContain("<script>", (await site.SendAsync(HttpMethod.Get, "/sign-in?next=" + Uri.EscapeDataString(Attack))).Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script>", (await site.SignInAsync(Attack, Attack, Attack)).Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_answer_tells_browsers_what_it_may_do()
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        foreach (string path in (string[])["/", "/sign-in", "/healthz", "/api/v1/calls"])
        {
            HttpResponseMessage response = (await site.SendAsync(HttpMethod.Get, path)).Response;
            string policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal(("DENY", "nosniff"), (response.Headers.GetValues("X-Frame-Options").Single(), response.Headers.GetValues("X-Content-Type-Options").Single()));
        }
    }

    [Fact]
    public async Task A_token_is_its_own_reader_also_beside_a_cookie_and_ends_when_it_is_revoked()
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        (string, string) token = ("Authorization", "Bearer " + site.Token);
        (string, string) cookie = GuardedSite.Cookie((await site.SignInAsync("ann", GuardedSite.Password)).Response);
        Assert.StartsWith("GET by robot", (await site.SendAsync(HttpMethod.Get, "/", null, token, cookie)).Body, StringComparison.Ordinal);
        Assert.Equal(401, (await site.SendAsync(HttpMethod.Get, "/", null, ("Authorization", "Bearer " + site.Token[..^1] + "a"), cookie)).Status);
        Assert.Equal(401, (await site.SendAsync(HttpMethod.Get, "/", null, ("Authorization", "Basic " + site.Token), cookie)).Status);
        AccountFile.Change(site.File, set => (set.RevokeToken(site.Token[3..13], TimeProvider.System.GetUtcNow()), true));
        await Eventually.HoldsAsync(() => site.SendAsync(HttpMethod.Get, "/", null, token).GetAwaiter().GetResult().Status == 401, "the token is refused");
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_names_are_not_told()
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        string wrong = (await site.SignInAsync("ann", "wrong")).Body;
        Assert.Equal(wrong, (await site.SignInAsync("nobody", "wrong")).Body);
        (int Status, string Body, HttpResponseMessage? Response) last = default;
        for (int i = 0; i < 10 && last.Status != 429; i++)
        {
            last = await site.SignInAsync("ann", "wrong");
        }

        Assert.Equal(429, last.Status);
        Assert.NotNull(last.Response!.Headers.RetryAfter);
        Assert.Equal(429, (await site.SignInAsync("ann", GuardedSite.Password)).Status);
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("application/x-www-form-urlencoded", "name=ann")]
    [InlineData("application/x-www-form-urlencoded", "name=ann&name=bob&password=x")]
    [InlineData("text/plain", "name=ann&password=x")]
    public async Task A_form_that_is_none_is_refused(string type, string body)
    {
        await using GuardedSite site = await GuardedSite.StartAsync();
        Assert.Equal(400, (await site.SendAsync(HttpMethod.Post, "/sign-in", new StringContent(body, System.Text.Encoding.UTF8, type))).Status);
        string large = "name=ann&password=" + new string('x', 100_000);
        Assert.Equal(400, (await site.SendAsync(HttpMethod.Post, "/sign-in", new StringContent(large, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"))).Status);
    }

    [Fact]
    public async Task Without_accounts_whoever_is_on_this_machine_is_the_local_reader_but_no_other_sites_page()
    {
        await using GuardedSite site = await GuardedSite.StartAsync(hasAccounts: false);
        Assert.Equal("GET by local", (await site.SendAsync(HttpMethod.Get, "/")).Body);
        Assert.Equal("POST by local", (await site.SendAsync(HttpMethod.Post, "/")).Body);
        Assert.Equal(403, (await site.SendAsync(HttpMethod.Post, "/", null, ("Origin", "https://evil.test"))).Status);
    }
}
