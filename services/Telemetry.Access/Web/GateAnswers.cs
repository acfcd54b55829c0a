using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Access.Web;

/// <summary>What the gate itself answers: a form, who somebody is, and problems (RFC 9457).</summary>
internal static class GateAnswers
{
    private const int MostFields = 8;

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    /// <summary>Programs are told that they must say who they are; people are led to the form.</summary>
    public static Task SignInFirstAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            string next = context.Request.PathBase + context.Request.Path + context.Request.QueryString;
            context.Response.Redirect($"{AccessGate.SignInPath}?next={Uri.EscapeDataString(next)}");
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemAsync(context, StatusCodes.Status401Unauthorized, "unauthenticated", "Sign in, or send \"Authorization: Bearer ta_...\" (telemetry accounts create-token)");
    }

    /// <summary>A problem.</summary>
    public static Task ProblemAsync(HttpContext context, int status, string type, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(new { Type = $"urn:telemetry:problem:{type}", Title = detail, Status = status, Detail = detail }, s_json, "application/problem+json", context.RequestAborted);
    }

    /// <summary>Who is signed in.</summary>
    public static Task MeAsync(HttpContext context, Reader reader, bool isOpen)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(new { reader.Name, reader.Kind, reader.Role, reader.Tenants, reader.MayReadContent, SignIn = !isOpen }, s_json, context.RequestAborted);
    }

    /// <summary>The form, without scripts and styles.</summary>
    public static Task FormAsync(HttpContext context, int status, string message)
    {
        string next = LocalPath(context.Request.Query["next"].ToString());
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in - Telemetry</title></head>
            <body><main><h1>Telemetry</h1><p role="alert">{WebUtility.HtmlEncode(message)}</p>
            <form method="post" action="{AccessGate.SignInPath}">
            <input type="hidden" name="next" value="{WebUtility.HtmlEncode(next)}">
            <p><label>Name <input name="name" autocomplete="username" required autofocus></label></p>
            <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
            <p><button>Sign in</button></p></form></main></body></html>

            """,
            context.RequestAborted);
    }

    /// <summary>The form that was sent; null when it is none.</summary>
    public static async Task<SignInForm?> ReadFormAsync(HttpContext context, int mostBytes)
    {
        if (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true || context.Request.ContentLength is null || context.Request.ContentLength > mostBytes)
        {
            return null;
        }

        try
        {
            var form = new Microsoft.AspNetCore.Http.Features.FormFeature(context.Request, new() { ValueCountLimit = MostFields, ValueLengthLimit = mostBytes, KeyLengthLimit = 64 });
            IFormCollection fields = await form.ReadFormAsync(context.RequestAborted);
            return fields["name"].Count == 1 && fields["password"].Count == 1 ? new SignInForm(fields["name"]!, fields["password"]!, fields["next"].ToString()) : null;
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    /// <summary>A path of this site, so that nobody is led elsewhere after signing in; the start page for anything else.</summary>
    public static string LocalPath(string path) =>
        path.Length is > 0 and <= 2000 && path[0] == '/' && (path.Length == 1 || path[1] is not ('/' or '\\')) && !path.Any(char.IsControl) && !path.Contains('\\', StringComparison.Ordinal) ? path : "/";
}
