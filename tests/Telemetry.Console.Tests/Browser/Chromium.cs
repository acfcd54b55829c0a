using Microsoft.Playwright;

namespace Telemetry.Console.Tests.Browser;

/// <summary>One real browser for all tests of the pages: the system's chromium, or the one that CHROMIUM names.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        string path = Environment.GetEnvironmentVariable("CHROMIUM") ?? s_places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("There is no chromium: run scripts/install.sh --tests, or name one in CHROMIUM.");
        _playwright = await Playwright.CreateAsync();
        // Machines that build at the same time are slow; what is awaited comes, or the test has failed.
        Assertions.SetDefaultExpectTimeout(60_000);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            // Containers have no user namespaces for the sandbox, and little shared memory. What is opened is the console alone.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        });
    }

    /// <summary>A fresh profile with one page, whose every error is noted.</summary>
    public async Task<Visit> VisitAsync(Uri console, bool dark = false, bool bypassPolicy = false, int width = 1440, int height = 900)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = console.ToString(),
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            TimezoneId = "UTC",
            Locale = "en-US",
            BypassCSP = bypassPolicy,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(60_000);
        return new Visit(console, context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
