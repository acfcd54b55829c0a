using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Telemetry.ClickHouse.Client;

/// <summary>Finds ClickHouse's own error in an answer, wherever the server put it: status, header, or the tail of a body that began well.</summary>
internal static partial class ServerError
{
    internal const string CodeHeader = "X-ClickHouse-Exception-Code";
    internal const string TagHeader = "X-ClickHouse-Exception-Tag";

    /// <summary>Most of an error text that is read and kept.</summary>
    internal const int MaxTextBytes = 64 << 10;

    /// <summary>The error that status line and headers announce; null when they announce success.</summary>
    internal static async Task<ClickHouseException?> FromHeadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        int? code = HeaderCode(response);
        if (response.IsSuccessStatusCode && code is null)
        {
            return null;
        }

        string text = await ReadTextAsync(response, cancellationToken);
        return Create(code, text, response.StatusCode);
    }

    /// <summary>
    /// The error that the server wrote into a body after it had sent 200. Newer servers frame it with the tag of the answer's head;
    /// older ones append bare text.
    /// </summary>
    internal static ClickHouseException? FromTail(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> tail = body[^Math.Min(body.Length, MaxTextBytes)..];
        if (!response.Headers.TryGetValues(TagHeader, out IEnumerable<string>? tags))
        {
            return null;
        }

        string text = System.Text.Encoding.UTF8.GetString(tail);
        int start = text.LastIndexOf("__exception__\r\n" + tags.First() + "\r\n", StringComparison.Ordinal);
        return start < 0 ? null : Create(null, text[start..].Trim(), response.StatusCode);
    }

    /// <summary>The error of an untagged body that did not decode, if its tail is an error text.</summary>
    internal static ClickHouseException? FromUndecodable(ReadOnlySpan<byte> body, HttpStatusCode status)
    {
        string text = System.Text.Encoding.UTF8.GetString(body[^Math.Min(body.Length, MaxTextBytes)..]);
        MatchCollection matches = CodePattern().Matches(text);
        return matches.Count == 0 ? null : Create(null, text[matches[^1].Index..].Trim(), status);
    }

    private static ClickHouseException Create(int? headerCode, string text, HttpStatusCode status)
    {
        Match match = CodePattern().Match(text);
        int code = headerCode ?? (match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0);
        string message = match.Success ? text[match.Index..] : text;
        if (message.Length == 0)
        {
            message = string.Create(CultureInfo.InvariantCulture, $"ClickHouse answered HTTP {(int)status} ({status}) without a text.");
        }

        bool? retryable = code != 0 ? null : status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        return new ClickHouseException(code, message, retryable);
    }

    private static int? HeaderCode(HttpResponseMessage response) =>
        response.Headers.TryGetValues(CodeHeader, out IEnumerable<string>? values)
        && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            ? code
            : null;

    private static async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MaxTextBytes];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }

    [GeneratedRegex(@"Code: (\d{1,9})\. DB::", RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();
}
