using System.Globalization;
using Microsoft.AspNetCore.Http;
using Telemetry.ClickHouse.Embedded.Engine;

namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>The URL parameters and headers of a request, sorted: what the HTTP interface itself understands, bound values, engine settings.</summary>
internal sealed class FrontRequest
{
    /// <summary>Parameters that are accepted and mean nothing here: every request has a session of its own, and there are no quotas.</summary>
    private static readonly HashSet<string> s_ignored = new(StringComparer.Ordinal)
    {
        "user", "password", "session_id", "session_timeout", "session_check", "close_session", "quota_key", "role", "stacktrace",
        "wait_end_of_query", "buffer_size", "http_wait_end_of_query", "http_response_buffer_size", "add_http_cors_header", "send_progress_in_http_headers",
    };

    private readonly List<KeyValuePair<string, string>> _settings = [];
    private readonly List<KeyValuePair<string, string>> _bound = [];

    private FrontRequest()
    {
        Database = "";
        DefaultFormat = "";
    }

    private FrontRequest(HttpRequest request)
    {
        Database = request.Headers["X-ClickHouse-Database"].ToString();
        DefaultFormat = request.Headers["X-ClickHouse-Format"].ToString();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Query)
        {
            Take(name, values.Count == 0 ? "" : values[^1] ?? "");
        }
    }

    /// <summary>A request that says nothing, for the answer to one that was refused before it was read.</summary>
    internal static FrontRequest Empty { get; } = new();

    internal string Query { get; private set; } = "";

    internal string Database { get; private set; }

    internal string DefaultFormat { get; private set; }

    internal string QueryId { get; private set; } = "";

    /// <summary>Answer in ClickHouse's compressed frames.</summary>
    internal bool Compress { get; private set; }

    /// <summary>The body is in ClickHouse's compressed frames.</summary>
    internal bool Decompress { get; private set; }

    /// <summary>Compress the answer as Accept-Encoding allows.</summary>
    internal bool HttpCompression { get; private set; }

    /// <summary>Revision of Native that the client reads; 0 for the plain one.</summary>
    internal int ProtocolRevision { get; private set; }

    internal IReadOnlyList<KeyValuePair<string, string>> Settings => _settings;

    internal IReadOnlyList<KeyValuePair<string, string>> Bound => _bound;

    internal static FrontRequest Parse(HttpRequest request) => new(request);

    private void Take(string name, string value)
    {
        switch (name)
        {
            case "query":
                Query = value;
                break;
            case "database":
                Database = value;
                break;
            case "default_format":
                DefaultFormat = value;
                break;
            case "query_id":
                QueryId = value;
                break;
            case "compress":
                Compress = Flag(name, value);
                break;
            case "decompress":
                Decompress = Flag(name, value);
                break;
            case "enable_http_compression":
                HttpCompression = Flag(name, value);
                break;
            case "client_protocol_version":
                ProtocolRevision = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int revision)
                    ? revision
                    : throw EngineException.Create(36, "BAD_ARGUMENTS", "client_protocol_version must be a number");
                break;
            default:
                TakeOther(name, value);
                break;
        }
    }

    private void TakeOther(string name, string value)
    {
        if (name.StartsWith("param_", StringComparison.Ordinal))
        {
            _bound.Add(new(name["param_".Length..], value));
        }
        else if (!s_ignored.Contains(name))
        {
            _settings.Add(new(name, value));
        }
    }

    private static bool Flag(string name, string value) => value switch
    {
        "1" or "true" => true,
        "0" or "false" or "" => false,
        _ => throw EngineException.Create(467, "CANNOT_PARSE_BOOL", $"{name} must be 0 or 1"),
    };
}
