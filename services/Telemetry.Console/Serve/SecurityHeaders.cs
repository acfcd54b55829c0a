using Microsoft.AspNetCore.Http;

namespace Telemetry.Console.Serve;

/// <summary>
/// What browsers may do with answers from here. Everything comes from this origin, no script or style is inline, nothing may frame the pages, and no text may become
/// markup or script (Trusted Types without any policy). What spans hold is untrusted; this is the second wall behind pages that make text of it.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>For pages and their files, and for data that a browser is made to open as a page.</summary>
    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>Adds them.</summary>
    public static void Add(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
