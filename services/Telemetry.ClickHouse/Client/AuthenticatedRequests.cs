using System.Text;

namespace Telemetry.ClickHouse.Client;

/// <summary>Makes POST requests to the HTTP interface with database and credentials; nothing secret goes into the URL.</summary>
internal sealed class AuthenticatedRequests(ClickHouseOptions options)
{
    internal HttpRequestMessage Create(IEnumerable<KeyValuePair<string, string>> parameters, string path = "/")
    {
        var query = new StringBuilder("?database=").Append(Uri.EscapeDataString(options.Database));
        foreach ((string name, string value) in parameters)
        {
            query.Append('&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(options.Url) { Path = path == "/" ? options.Url.AbsolutePath : path, Query = query.ToString() }.Uri);
        request.Headers.TryAddWithoutValidation("X-ClickHouse-User", options.User);
        if (options.Password.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("X-ClickHouse-Key", options.Password);
        }

        return request;
    }
}
