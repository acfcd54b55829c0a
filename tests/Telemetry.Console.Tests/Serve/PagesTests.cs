using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Telemetry.Console.Serve;

namespace Telemetry.Console.Tests.Serve;

public sealed partial class PagesTests(ConsoleFixture console)
{
    [Fact]
    public async Task Every_page_has_the_same_shell_under_a_strict_policy()
    {
        foreach (string address in Pages.Addresses)
        {
            using HttpResponseMessage response = await GetAsync(address.Replace("{trace}", "00", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
            string policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        }
    }

    [Fact]
    public void The_server_knows_the_pages_that_the_browser_knows()
    {
        string script = File.ReadAllText(Path.Combine(ConsoleFixture.RepositoryRoot, "services/Telemetry.Console/Pages/pages.js"));

        IEnumerable<string> known = PagePath().Matches(script).Select(m => m.Groups[1].Value).Append("/traces/{trace}");
        Assert.Equal(Pages.Addresses.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Files_of_this_version_may_be_kept_for_ever_and_those_of_others_are_not_there()
    {
        string shell = await (await GetAsync("/")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string script = Asset().Match(shell).Value;

        using HttpResponseMessage asset = await GetAsync(script);
        using HttpResponseMessage other = await GetAsync(Version().Replace(script, "/assets/0123456789abcdef"));

        Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        Assert.Equal("text/javascript", asset.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task Compressed_files_are_the_same_files()
    {
        string shell = await (await GetAsync("/")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string style = Version().Match(shell).Value + "/style.css";
        using HttpResponseMessage plain = await GetAsync(style);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(console.Url, style));
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using HttpResponseMessage compressed = await console.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(["br"], compressed.Content.Headers.ContentEncoding);
        await using var brotli = new BrotliStream(await compressed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(brotli);
        Assert.Equal(await plain.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Libraries_come_with_their_licences()
    {
        string shell = await (await GetAsync("/")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        foreach (string library in (string[])["preact", "htm", "uplot"])
        {
            using HttpResponseMessage licence = await GetAsync($"{Version().Match(shell).Value}/vendor/{library}.LICENSE.txt");
            Assert.Contains("icense", await licence.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_in_the_pages_is_inline_or_from_elsewhere()
    {
        string shell = await (await GetAsync("/")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotMatch("<script(?![^>]*src=)", shell);
        Assert.DoesNotContain("http", shell, StringComparison.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(ConsoleFixture.RepositoryRoot, "services/Telemetry.Console/Pages"), "*.js", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_console_that_is_off_has_no_pages()
    {
        Uri off = await console.StartAsync(new ConsoleOptions { Enabled = false });
        using HttpResponseMessage response = await console.Http.GetAsync(off, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => console.Http.GetAsync(new Uri(console.Url, path), TestContext.Current.CancellationToken);

    [GeneratedRegex("path: '(/[a-z]*)', key:")]
    private static partial Regex PagePath();

    [GeneratedRegex("/assets/[0-9a-f]{16}/main\\.js")]
    private static partial Regex Asset();

    [GeneratedRegex("/assets/[0-9a-f]{16}")]
    private static partial Regex Version();
}
