using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Page;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Api;

/// <summary>A request, read by the parameters that its route has; anything else is refused, so that no misspelt filter is silently without effect.</summary>
internal sealed class ApiRequest
{
    private const int LongestValue = 2000;
    private const int MostGroups = 3;
    private const int MaxBodyBytes = 128 << 10;

    private readonly HttpContext _context;
    private readonly DateTimeOffset _now;

    /// <summary>Checks the names of the parameters.</summary>
    /// <exception cref="InvalidQueryException">One is not known, too long, or given twice where once is allowed.</exception>
    public ApiRequest(HttpContext context, ApiRoute route, AccessScope scope, DateTimeOffset now)
    {
        _context = context;
        _now = now;
        Scope = scope;
        foreach ((string name, StringValues values) in context.Request.Query)
        {
            bool free = route.FreeParameters is { } prefix && name.StartsWith(prefix, StringComparison.Ordinal);
            ApiParameter? known = route.Parameters.FirstOrDefault(p => p.Name == name && !p.InPath);
            if (known is null && !free)
            {
                throw new InvalidQueryException(name, values.ToString(), $"one of {string.Join(", ", route.Parameters.Where(p => !p.InPath && !p.Name.EndsWith('!')).Select(p => p.Name))}");
            }

            Check(name, values, known?.Repeats ?? false);
        }
    }

    /// <summary>What may be seen and done.</summary>
    public AccessScope Scope { get; }

    /// <summary>Given up when the client goes away.</summary>
    public CancellationToken Aborted => _context.RequestAborted;

    /// <summary>Whether the rows alone are asked for, in another format than ours.</summary>
    public bool IsExport => AnswerFormat.Of(_context.Request, Text("format")) != AnswerFormat.Json;

    /// <summary>A part of the path.</summary>
    public string Path(string name) => (string)_context.Request.RouteValues[name]!;

    /// <summary>A value; null when it is not given.</summary>
    public string? Text(string name) => _context.Request.Query.TryGetValue(name, out StringValues values) ? values[0] ?? "" : null;

    /// <summary>All values of a parameter that may be given several times.</summary>
    public IReadOnlyList<string> All(string name) => _context.Request.Query.TryGetValue(name, out StringValues values) ? [.. values.Select(v => v ?? "")] : [];

    /// <summary>Values of parameters that begin so, by the rest of their names.</summary>
    public Dictionary<string, string> Beginning(string prefix) => _context.Request.Query
        .Where(q => q.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(q => q.Key[prefix.Length..], q => q.Value[0] ?? "", StringComparer.Ordinal);

    /// <summary>The range.</summary>
    public TimeRange Range(string defaultFrom = "now-6h") => TimeRange.Parse(Text("from"), Text("to"), Text("tz"), _now, defaultFrom);

    /// <summary>Most rows.</summary>
    public int Limit(int usual, int most = Parameters.MostRows) => Text("limit") is not { } text
        ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit >= 1 && limit <= most
            ? limit
            : throw new InvalidQueryException("limit", text, string.Create(CultureInfo.InvariantCulture, $"1 to {most}"));

    /// <summary>Which calls.</summary>
    public Selection Selection(IReadOnlyList<Dimension> dimensions, bool numbers = false)
    {
        var selection = new Selection();
        foreach (Dimension dimension in dimensions)
        {
            Add(selection, dimension, wanted: true, dimension.Name);
            Add(selection, dimension, wanted: false, dimension.Name + "!");
        }

        foreach ((string name, _, _, _) in numbers ? Telemetry.Query.Filter.Selection.Numbers : [])
        {
            if (Text(name) is { } least)
            {
                selection.AddLeast(name, least);
            }
        }

        return selection;
    }

    /// <summary>Dimensions to group by.</summary>
    public IReadOnlyList<Dimension> Groups(string name, bool inRollups, params string[] usual)
    {
        string[] names = [.. All(name).SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries)).Where(v => v.Length > 0)];
        string[] wanted = names.Length == 0 ? usual : [.. names.Distinct(StringComparer.Ordinal)];
        return wanted.Length <= MostGroups
            ? [.. wanted.Select(g => Dimension.Get(name, g, inRollups))]
            : throw new InvalidQueryException(name, string.Join(',', wanted), $"at most {MostGroups} of them");
    }

    /// <summary>Metrics to show.</summary>
    public IReadOnlyList<Metric> Metrics(string usual)
    {
        string[] names = [.. All("metric").SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal)];
        return [.. (names.Length == 0 ? [usual] : names).Select(m => Metric.Get("metric", m))];
    }

    /// <summary>Wanted values of plain columns.</summary>
    public IReadOnlyList<(string Column, IReadOnlyList<string> Values)> Filters(IEnumerable<string> columns) => [.. columns.Select(c => (c, All(c)))];

    /// <summary>Which page of a list.</summary>
    /// <param name="question">Path of the route; with filters and order it is the question that a cursor belongs to.</param>
    /// <param name="sorts">What the list can be sorted by.</param>
    /// <param name="usualLimit">Length of a page when nothing is said.</param>
    /// <param name="most">Most rows of a page.</param>
    public PageRequest Page(string question, IReadOnlyList<Sort> sorts, int usualLimit, int most = Parameters.MostRows)
    {
        var sort = Sort.Get(sorts, Text("sort"));
        bool descending = Text("order") switch
        {
            null or "desc" => true,
            "asc" => false,
            { } other => throw new InvalidQueryException("order", other, "desc, asc"),
        };
        IEnumerable<string> filters = _context.Request.Query
            .Where(q => q.Key is not ("cursor" or "limit" or "format" or "from" or "to" or "tz"))
            .OrderBy(q => q.Key, StringComparer.Ordinal)
            .Select(q => $"{q.Key}={string.Join('\t', q.Value.AsEnumerable())}");
        string fingerprint = Cursor.Fingerprint([question, .. filters]);
        return new PageRequest(sort, descending, Limit(usualLimit, most), Cursor.Read(Text("cursor"), fingerprint), fingerprint);
    }

    /// <summary>The body of a request that says something, a JSON object.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public async Task<JsonElement> BodyAsync()
    {
        // Pages of other sites can send forms and texts without asking; JSON they cannot.
        if (!_context.Request.HasJsonContentType())
        {
            throw new ProblemException(new Problem(StatusCodes.Status415UnsupportedMediaType, "invalid-request", "The request is not valid", "Content-Type: application/json is expected", []));
        }

        byte[] buffer = new byte[MaxBodyBytes + 1];
        int length = await _context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, Aborted);
        if (length > MaxBodyBytes)
        {
            throw new ProblemException(new Problem(StatusCodes.Status413PayloadTooLarge, "invalid-request", "The request is not valid", $"a body of at most {MaxBodyBytes} bytes is expected", []));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(buffer.AsMemory(0, length));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new JsonException("it is no object");
        }
        catch (JsonException e)
        {
            throw new ProblemException(new Problem(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid", $"The body is no JSON object: {e.Message}", []));
        }
    }

    private void Add(Selection selection, Dimension dimension, bool wanted, string name)
    {
        if (All(name) is { Count: > 0 } values)
        {
            selection.Add(dimension, wanted, values);
        }
    }

    private static void Check(string name, StringValues values, bool repeats)
    {
        if (values.Count > 1 && !repeats)
        {
            throw new InvalidQueryException(name, values.ToString(), "one value");
        }

        if (name != "query" && values.FirstOrDefault(v => v?.Length > LongestValue) is { } tooLong)
        {
            throw new InvalidQueryException(name, tooLong, $"at most {LongestValue} characters");
        }
    }
}
