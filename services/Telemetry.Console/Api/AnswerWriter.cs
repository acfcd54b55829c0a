using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Telemetry.ClickHouse.Client;
using Telemetry.Query.Ask;
using Telemetry.Query.Page;
using Telemetry.Query.Range;

namespace Telemetry.Console.Api;

/// <summary>Writes answers in our own JSON: the figures, the range that they are of, and the statements that made them.</summary>
internal static class AnswerWriter
{
    /// <summary>SQL and messages stay readable; that nobody reads JSON as a page is seen to by its media type and X-Content-Type-Options.</summary>
    internal static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A table.</summary>
    public static Task WriteAsync(HttpContext context, TableAnswer answer, Result result) => WriteAsync(context, StatusCodes.Status200OK, json =>
    {
        WriteRows(json, "data", Plain(result), result.Answer.Columns);
        json.WriteBoolean("has_more", result.HasMore);
        json.WriteString("next_cursor", answer.Next(result));
        if (answer.Statement.Columns.Count == 0)
        {
            WriteColumns(json, result.Answer.Columns);
        }

        WriteAbout(json, answer, answer.Step, [result]);
    });

    /// <summary>Parts.</summary>
    public static Task WriteAsync(HttpContext context, PartsAnswer answer, IReadOnlyDictionary<string, Result> results) => WriteAsync(context, StatusCodes.Status200OK, json =>
    {
        foreach (Statement statement in answer.Statements)
        {
            Result result = results[statement.Name];
            IEnumerable<ArrangedRow> rows = answer.Arranged.TryGetValue(statement.Name, out Func<Result, IEnumerable<ArrangedRow>>? arrange) ? arrange(result) : Plain(result);
            if (answer.Single.Contains(statement.Name))
            {
                json.WritePropertyName(statement.Name);
                WriteFirst(json, rows, result.Answer.Columns);
            }
            else
            {
                WriteRows(json, statement.Name, rows, result.Answer.Columns);
            }
        }

        WriteAbout(json, answer, null, answer.Statements.Select(s => results[s.Name]));
    });

    /// <summary>An object.</summary>
    public static Task WriteAsync(HttpContext context, ObjectAnswer answer) => WriteAsync(context, answer.Status, answer.Write);

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = AnswerFormat.Json.ContentType;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter.AsStream(), JsonOptions);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }

    private static IEnumerable<ArrangedRow> Plain(Result result) => result.Rows.Select(r => new ArrangedRow(r, []));

    private static void WriteRows(Utf8JsonWriter json, string name, IEnumerable<ArrangedRow> rows, IReadOnlyList<ClickHouseColumn> columns)
    {
        json.WriteStartArray(name);
        foreach (ArrangedRow row in rows)
        {
            WriteRow(json, row, columns);
        }

        json.WriteEndArray();
    }

    private static void WriteFirst(Utf8JsonWriter json, IEnumerable<ArrangedRow> rows, IReadOnlyList<ClickHouseColumn> columns)
    {
        if (rows.FirstOrDefault() is { } row)
        {
            WriteRow(json, row, columns);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteRow(Utf8JsonWriter json, ArrangedRow row, IReadOnlyList<ClickHouseColumn> columns)
    {
        json.WriteStartObject();
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name != Sort.Key)
            {
                json.WritePropertyName(columns[i].Name);
                JsonCell.Write(json, row.Row.GetValue(i));
            }
        }

        foreach ((string name, double value) in row.More)
        {
            json.WriteNumber(name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteColumns(Utf8JsonWriter json, IReadOnlyList<ClickHouseColumn> columns)
    {
        json.WriteStartArray("columns");
        foreach (ClickHouseColumn column in columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("type", column.TypeName);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAbout(Utf8JsonWriter json, Answer answer, Step? step, IEnumerable<Result> results)
    {
        if (answer.Range is { } range)
        {
            json.WriteStartObject("range");
            json.WriteString("from", JsonCell.Moment(range.From));
            json.WriteString("to", JsonCell.Moment(range.To));
            json.WriteString("tz", range.ZoneName);
            if (step is not null)
            {
                json.WriteString("step", step.Name);
                json.WriteNumber("step_seconds", step.Seconds);
            }

            json.WriteEndObject();
        }

        json.WriteStartArray("notes");
        foreach (string note in answer.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
        json.WriteStartArray("sql");
        foreach (Result result in results)
        {
            WriteStatement(json, result);
        }

        json.WriteEndArray();
    }

    private static void WriteStatement(Utf8JsonWriter json, Result result)
    {
        json.WriteStartObject();
        json.WriteString("name", result.Statement.Name);
        json.WriteString("statement", result.Statement.Sql);
        json.WriteStartObject("parameters");
        foreach ((string name, object? value) in result.Statement.Parameters)
        {
            json.WriteString(name, Parameter(value));
        }

        json.WriteEndObject();
        json.WriteNumber("read_rows", result.Summary.ReadRows);
        json.WriteNumber("read_bytes", result.Summary.ReadBytes);
        json.WriteNumber("elapsed_ms", Math.Round(result.Summary.Elapsed.TotalMilliseconds, 1));
        json.WriteEndObject();
    }

    /// <summary>A value as people read it and as ClickHouse takes it in <c>param_name=</c>.</summary>
    internal static string Parameter(object? value) => value switch
    {
        DateTimeOffset moment => moment.UtcDateTime.ToString(moment.UtcTicks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
        string text => text,
        IEnumerable<string> list => $"[{string.Join(',', list.Select(Literal))}]",
        IEnumerable list => $"[{string.Join(',', list.Cast<object?>().Select(Parameter))}]",
        null => "\\N",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Literal(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
