using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Telemetry.ClickHouse.Client;
using Telemetry.Console.Serve;
using Telemetry.Query.Ask;

namespace Telemetry.Console.Api;

/// <summary>What went wrong, in the shape of RFC 9457.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">Name of the kind of problem, stable.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Detail">What happened, in words.</param>
/// <param name="Errors">Fields that are wrong: name, value, what is allowed.</param>
/// <param name="Code">ClickHouse's error code; 0 for none.</param>
internal sealed record Problem(int Status, string Type, string Title, string Detail, IReadOnlyList<(string Field, string Value, string Allowed)> Errors, int Code = 0)
{
    /// <summary>Media type.</summary>
    public const string ContentType = "application/problem+json";

    private const int Timeout = 159;
    private const int MemoryLimit = 241;
    private const int TooManyRows = 158;
    private const int ReadOnly = 164;

    // UNKNOWN_TABLE, UNKNOWN_DATABASE: the tables are not there yet. In a statement that people wrote they are a mistake.
    private static readonly int[] s_notMigrated = [60, 81];

    /// <summary>Something is not there.</summary>
    public static Problem NotFound(string detail) => new(StatusCodes.Status404NotFound, "not-found", "Not found", detail, []);

    /// <summary>Something may not be done.</summary>
    public static Problem Forbidden(string detail) => new(StatusCodes.Status403Forbidden, "forbidden", "Not allowed", detail, []);

    /// <summary>A field is wrong.</summary>
    public static Problem Invalid(InvalidQueryException e) =>
        new(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid", e.Message, [(e.Field, e.Value, e.Allowed)]);

    /// <summary>The problem of an exception.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="peopleWrote">Whether the statement was written by the one who asks, so that what is wrong with it is theirs.</param>
    /// <returns>Null when the exception is an error of ours.</returns>
    public static Problem? Of(Exception error, bool peopleWrote) => error switch
    {
        InvalidQueryException e => Invalid(e),
        ProblemException e => e.Problem,
        TooManyQueriesException e => new(StatusCodes.Status503ServiceUnavailable, "busy", "Too many queries", e.Message, []),
        BadHttpRequestException e => new(e.StatusCode, "invalid-request", "The request is not valid", e.Message, []),
        ClickHouseException e => OfClickHouse(e, peopleWrote),
        _ => null,
    };

    /// <summary>Sends it.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        context.Response.Clear();
        SecurityHeaders.Add(context.Response);
        context.Response.StatusCode = Status;
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "2";
        }

        await using var json = new Utf8JsonWriter(context.Response.BodyWriter.AsStream(), AnswerWriter.JsonOptions);
        json.WriteStartObject();
        json.WriteString("type", $"urn:telemetry:problem:{Type}");
        json.WriteString("title", Title);
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteString("instance", context.Request.Path);
        if (Code != 0)
        {
            json.WriteNumber("clickhouse_code", Code);
        }

        json.WriteStartArray("errors");
        foreach ((string field, string value, string allowed) in Errors)
        {
            json.WriteStartObject();
            json.WriteString("field", field);
            json.WriteString("value", value);
            json.WriteString("allowed", allowed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Problem OfClickHouse(ClickHouseException e, bool peopleWrote) => e.Code switch
    {
        Timeout => new(StatusCodes.Status504GatewayTimeout, "query-timeout", "The query took too long", $"Ask for a shorter range, or with more filters. {e.Message}", [], e.Code),
        MemoryLimit or TooManyRows => new(StatusCodes.Status422UnprocessableEntity, "query-too-large", "The query needs too much", $"Ask for a shorter range, or with more filters. {e.Message}", [], e.Code),
        _ when peopleWrote && e.Code != 0 && !e.IsRetryable => new(
            e.Code == ReadOnly ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest, "query-refused", "ClickHouse refused the statement", e.Message, [], e.Code),
        ReadOnly => new(StatusCodes.Status403Forbidden, "forbidden", "Not allowed", e.Message, [], e.Code),
        _ when e.IsRetryable || s_notMigrated.Contains(e.Code) => new(StatusCodes.Status503ServiceUnavailable, "unavailable", "ClickHouse cannot answer now", e.Message, [], e.Code),
        _ => new(StatusCodes.Status502BadGateway, "query-failed", "ClickHouse could not answer", e.Message, [], e.Code),
    };
}

/// <summary>A request ends in a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>The problem.</summary>
    public Problem Problem { get; } = problem;
}
