using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Telemetry.Query.Ask;

namespace Telemetry.Console.Api;

/// <summary>A format of answers.</summary>
/// <param name="Name">Name in requests.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Format">ClickHouse's name of it; empty for our own JSON with ranges, notes and statements.</param>
/// <param name="Extension">Of a file.</param>
internal sealed record AnswerFormat(string Name, string ContentType, string Format, string Extension)
{
    /// <summary>Our own.</summary>
    public static readonly AnswerFormat Json = new("json", "application/json", "", "json");

    /// <summary>For spreadsheets.</summary>
    public static readonly AnswerFormat Csv = new("csv", "text/csv", "CSVWithNames", "csv");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<AnswerFormat> All =
    [
        Json, Csv,
        new("jsonl", "application/x-ndjson", "JSONEachRow", "jsonl"),
        new("parquet", "application/vnd.apache.parquet", "Parquet", "parquet"),
        new("arrow", "application/vnd.apache.arrow.stream", "ArrowStream", "arrow"),
    ];

    /// <summary>The format that a request asks for: by name, else by Accept, else ours.</summary>
    /// <exception cref="InvalidQueryException">There is none of that name.</exception>
    public static AnswerFormat Of(HttpRequest request, string? name)
    {
        if (name is not null)
        {
            return All.FirstOrDefault(f => f.Name == name) ?? throw new InvalidQueryException("format", name, string.Join(", ", All.Select(f => f.Name)));
        }

        IList<MediaTypeHeaderValue> accepted = request.GetTypedHeaders().Accept;
        return accepted.OrderByDescending(a => a.Quality ?? 1)
            .Select(a => All.FirstOrDefault(f => a.MediaType.Equals(f.ContentType, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(f => f is not null) ?? Json;
    }
}
