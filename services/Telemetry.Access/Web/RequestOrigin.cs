using Microsoft.AspNetCore.Http;

namespace Telemetry.Access.Web;

/// <summary>Whether a request that changes something comes from our own pages. Browsers say where such a request comes from; programs do not.</summary>
internal static class RequestOrigin
{
    /// <summary>Whether the request only reads.</summary>
    public static bool IsSafe(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    /// <summary>Whether it is from our own pages, or from a program.</summary>
    public static bool IsOurs(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site is not ("same-origin" or "none"))
        {
            return false;
        }

        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
