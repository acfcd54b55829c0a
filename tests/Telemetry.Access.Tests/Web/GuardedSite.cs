using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Access.Accounts;
using Telemetry.Access.Audit;
using Telemetry.Access.Web;
using Telemetry.TestKit;

namespace Telemetry.Access.Tests.Web;

/// <summary>A site behind the gate that says who asks, over real sockets.</summary>
internal sealed class GuardedSite : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly TemporaryDirectory _directory = new();
    private readonly AccessGate _gate;
    private readonly WebApplication _app;

    private GuardedSite(Action<AccessOptions> change, bool hasAccounts)
    {
        var options = new AccessOptions { LookEvery = TimeSpan.FromMilliseconds(50) };
        if (hasAccounts)
        {
            options.AccountsFile = File;
            Token = AccountFile.Change(File, set =>
            {
                (AccountSet changed, _, string token) = set
                    .With(new Account("ann", Passwords.Hash(Password), Role.Admin, null, true, DateTimeOffset.UnixEpoch))
                    .With(new Account("bob", Passwords.Hash(Password), Role.Viewer, ["acme"], false, DateTimeOffset.UnixEpoch))
                    .CreateToken("robot", Role.Viewer, ["acme"], false, TimeProvider.System.GetUtcNow(), null);
                return (changed, token);
            });
        }

        change(options);
        _gate = new AccessGate(options, new AuditLog(null, NullLoggerFactory.Instance), NullLoggerFactory.Instance, TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Use(_gate.InvokeAsync);
        _app.Run(context => context.Response.WriteAsync(context.Request.Path.Value is "/healthz" ? "ok" : $"{context.Request.Method} by {AccessGate.ReaderOf(context).Name}"));
    }

    public string File => Path.Combine(_directory.Path, "accounts.json");

    public string Token { get; } = "";

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<GuardedSite> StartAsync(Action<AccessOptions>? change = null, bool hasAccounts = true)
    {
        var site = new GuardedSite(change ?? (_ => { }), hasAccounts);
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    /// <summary>A browser, or a program: cookies are kept only by hand.</summary>
    public async Task<(int Status, string Body, HttpResponseMessage Response)> SendAsync(HttpMethod method, string path, HttpContent? content = null, params IEnumerable<(string Name, string Value)> headers)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(method, new Uri(Url.ToString().TrimEnd('/') + path)) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    public Task<(int Status, string Body, HttpResponseMessage Response)> SignInAsync(string name, string password, string next = "", params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(HttpMethod.Post, "/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = name, ["password"] = password, ["next"] = next }), headers);

    /// <summary>The cookie of a sign-in, as a browser sends it.</summary>
    public static (string Name, string Value) Cookie(HttpResponseMessage response) => ("Cookie", response.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _gate.Dispose();
        _directory.Dispose();
    }
}
