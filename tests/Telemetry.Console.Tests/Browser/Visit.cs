using Microsoft.Playwright;

namespace Telemetry.Console.Tests.Browser;

/// <summary>A page, and whatever went wrong on it: errors of scripts and of the console (violations of the content policy are among them), dialogs, failed requests, requests to other hosts.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _wrong = [];

    public Visit(Uri console, IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => Note($"script: {error}");
        page.Console += (_, message) => NoteIf(message.Type is "error" or "warning", $"console: {message.Text}");
        page.Request += (_, request) => NoteIf(!request.Url.StartsWith(console.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal), $"request elsewhere: {request.Url}");
        page.Response += (_, response) => NoteIf(response.Status >= 400, $"{response.Status}: {response.Url}");
        page.Dialog += (_, dialog) =>
        {
            Note($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    /// <summary>What went wrong so far.</summary>
    public IReadOnlyList<string> Wrong
    {
        get
        {
            lock (_wrong)
            {
                return [.. _wrong];
            }
        }
    }

    /// <summary>Opens a page and waits until it shows its answers.</summary>
    public async Task OpenAsync(string address)
    {
        await Page.GotoAsync(address);
        await SettleAsync();
    }

    /// <summary>Waits until nothing on the page waits for an answer.</summary>
    public async Task SettleAsync()
    {
        await Page.Locator("main").WaitForAsync();
        await Page.WaitForFunctionAsync("() => document.querySelector('main').childElementCount > 0 && !document.querySelector('.waiting')");
    }

    /// <summary>Nothing may have gone wrong.</summary>
    public void AssertClean() => Assert.Empty(Wrong);

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void NoteIf(bool wrong, string what)
    {
        if (wrong)
        {
            Note(what);
        }
    }

    private void Note(string what)
    {
        lock (_wrong)
        {
            _wrong.Add(what);
        }
    }
}
