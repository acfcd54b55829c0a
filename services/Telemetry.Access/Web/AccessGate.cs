using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Telemetry.Access.Accounts;
using Telemetry.Access.Audit;
using Telemetry.Access.SignIn;
using Telemetry.Hosting.Files;

namespace Telemetry.Access.Web;

/// <summary>
/// Stands before every page and route of a port but the health checks: finds out who asks, by cookie or token, signs people in and out, and keeps other sites' pages out.
/// </summary>
public sealed class AccessGate : IDisposable
{
    /// <summary>Where people sign in; a form of <c>name</c>, <c>password</c> and <c>next</c>.</summary>
    public const string SignInPath = "/sign-in";

    /// <summary>Where they sign out, by POST.</summary>
    public const string SignOutPath = "/sign-out";

    /// <summary>Where a page finds out who is signed in.</summary>
    public const string MePath = "/api/v1/me";

    /// <summary>What is said on standard output while everybody sees everything.</summary>
    public const string OpenNotice = "  OPEN CONSOLE anybody on this machine sees everything; telemetry accounts create makes accounts (docs/security.md)";

    private const string Bearer = "Bearer ";
    private const int MostFormBytes = 8 << 10;

    private readonly AccessOptions _options;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;
    private readonly WatchedFile<TokenRing>? _accounts;
    private readonly SessionStore _sessions;
    private readonly SignInThrottle _throttle;
    private readonly SessionCookie _cookie;

    /// <summary>Reads the accounts.</summary>
    /// <exception cref="AccessFileException">There is a file and it is wrong.</exception>
    public AccessGate(AccessOptions options, AuditLog audit, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _audit = audit;
        _time = time;
        _sessions = new SessionStore(options, time);
        _throttle = new SignInThrottle(time);
        _cookie = new SessionCookie(options.SecureCookies);
        if (options.AccountsFile.Length > 0)
        {
            string file = options.AccountsFile;
            _accounts = new WatchedFile<TokenRing>("accounts", [file], () => new TokenRing(AccountFile.Read(file)), options.LookEvery, loggers.CreateLogger<AccessGate>(), time);
        }
    }

    /// <summary>Whether anybody who reaches the port sees everything.</summary>
    public bool IsOpen => _accounts is null;

    /// <summary>Why a change of the accounts was not taken; null when all is well.</summary>
    public string? Problem => _accounts?.Problem;

    /// <summary>Who asks, as the gate found out. Throws when the request did not come through the gate.</summary>
    public static Reader ReaderOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Reader>() ?? throw new InvalidOperationException("The request did not come through the gate.");
    }

    /// <summary>Handles one request, as a middleware.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        SecurityHeaders.Add(context);
        if (context.Request.Path.Value is "/healthz" or "/readyz" or "/metrics" && RequestOrigin.IsSafe(context.Request))
        {
            await next(context);
            return;
        }

        if (!RequestOrigin.IsSafe(context.Request) && !RequestOrigin.IsOurs(context.Request))
        {
            await GateAnswers.ProblemAsync(context, StatusCodes.Status403Forbidden, "forbidden", "Requests that change something are not taken from pages of other sites");
            return;
        }

        if (context.Request.Path == SignInPath && !IsOpen)
        {
            await (HttpMethods.IsPost(context.Request.Method) ? SignInAsync(context) : GateAnswers.FormAsync(context, StatusCodes.Status200OK, ""));
            return;
        }

        if (Find(context.Request) is not { } reader)
        {
            await GateAnswers.SignInFirstAsync(context);
            return;
        }

        context.Features.Set(reader);
        await (context.Request.Path == SignOutPath && HttpMethods.IsPost(context.Request.Method) ? SignOutAsync(context, reader)
            : context.Request.Path == MePath && HttpMethods.IsGet(context.Request.Method) ? GateAnswers.MeAsync(context, reader, IsOpen)
            : next(context));
    }

    /// <inheritdoc />
    public void Dispose() => _accounts?.Dispose();

    private Reader? Find(HttpRequest request)
    {
        if (_accounts?.Current is not { } accounts)
        {
            return Reader.Local;
        }

        // A request with both is its token's: a program that is careless with cookies must not get more than its token allows.
        string authorization = request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && accounts.Find(authorization[Bearer.Length..].Trim(), _time.GetUtcNow()) is { } token ? Reader.Of(token) : null;
        }

        return _sessions.Find(_cookie.Read(request), accounts.Accounts) is { } account ? Reader.Of(account) : null;
    }

    private async Task SignInAsync(HttpContext context)
    {
        IPAddress? address = context.Connection.RemoteIpAddress;
        if (await GateAnswers.ReadFormAsync(context, MostFormBytes) is not { } form)
        {
            await GateAnswers.FormAsync(context, StatusCodes.Status400BadRequest, "The form is not complete.");
            return;
        }

        var tried = new Reader(form.Name.Length <= AccountSet.LongestName ? form.Name : form.Name[..AccountSet.LongestName], "nobody", Role.Viewer, [], false);
        TimeSpan wait = _throttle.Begin(tried.Name, address);
        if (wait > TimeSpan.Zero)
        {
            await _audit.TryNoteAsync(new AuditEntry(tried, AuditActions.SignInThrottled, Address: address));
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await GateAnswers.FormAsync(context, StatusCodes.Status429TooManyRequests, "Too many attempts. Wait a while.");
            return;
        }

        Account? account = _accounts!.Current.Accounts.Find(form.Name);
        if (!Passwords.Verify(account, form.Password))
        {
            await _audit.TryNoteAsync(new AuditEntry(tried, AuditActions.SignInFailed, Address: address));
            await GateAnswers.FormAsync(context, StatusCodes.Status401Unauthorized, "Name or password is wrong.");
            return;
        }

        _throttle.Succeeded(tried.Name, address);

        // A session of its own for each sign-in: what a browser held before is worth nothing afterwards.
        _sessions.End(_cookie.Read(context.Request));
        _cookie.Write(context, _sessions.Begin(account!), _options.SessionLength);
        await _audit.TryNoteAsync(new AuditEntry(Reader.Of(account!), AuditActions.SignIn, Address: address));
        context.Response.Redirect(GateAnswers.LocalPath(form.Next));
    }

    private async Task SignOutAsync(HttpContext context, Reader reader)
    {
        _sessions.End(_cookie.Read(context.Request));
        _cookie.Clear(context);
        await _audit.TryNoteAsync(new AuditEntry(reader, AuditActions.SignOut, Address: context.Connection.RemoteIpAddress));
        context.Response.Redirect(IsOpen ? "/" : SignInPath);
    }
}
