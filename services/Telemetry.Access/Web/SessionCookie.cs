using System.Net;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Access.Web;

/// <summary>
/// The cookie that holds a session: for this host alone (<c>__Host-</c>), out of reach of scripts, over TLS. Lax rather than Strict, because a link in a notification must
/// lead to the page and not to the sign-in; what changes something is guarded by its origin.
/// </summary>
internal sealed class SessionCookie(bool? secure)
{
    private const string SecureName = "__Host-telemetry";
    private const string PlainName = "telemetry";

    /// <summary>What a request holds; empty for nothing.</summary>
    public string Read(HttpRequest request) => request.Cookies[IsSecure(request) ? SecureName : PlainName] ?? "";

    /// <summary>Has the browser hold it.</summary>
    public void Write(HttpContext context, string secret, TimeSpan length) => context.Response.Cookies.Append(Name(context.Request), secret, Options(context.Request, length));

    /// <summary>Has the browser forget it.</summary>
    public void Clear(HttpContext context) => context.Response.Cookies.Delete(Name(context.Request), Options(context.Request, null));

    private string Name(HttpRequest request) => IsSecure(request) ? SecureName : PlainName;

    private CookieOptions Options(HttpRequest request, TimeSpan? length) => new()
    {
        Path = "/",
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        Secure = IsSecure(request),
        MaxAge = length,
    };

    private bool IsSecure(HttpRequest request) => secure ?? (request.IsHttps || request.HttpContext.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote));
}
