using System.Globalization;
using Microsoft.AspNetCore.Http;
using Telemetry.ClickHouse.Client;
using Telemetry.Query.Ask;
using Telemetry.Query.Page;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Api;

/// <summary>Sends the rows of a statement in one of ClickHouse's own formats, as they come: nothing is held here.</summary>
internal static class Export
{
    // What spreadsheets read as a formula when a cell begins so. Texts come from spans, so anybody could have written them; an apostrophe makes them texts again.
    private const string Formula = @"'^[=+\\-@\\t\\r]'";

    /// <summary>Sends it.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refused; nothing has been sent.</exception>
    public static async Task WriteAsync(HttpContext context, TableAnswer answer, AnswerFormat format, QueryRunner runner, AccessScope scope)
    {
        Statement statement = answer.Statement;
        if (statement.Columns.Count > 0 || format == AnswerFormat.Csv)
        {
            IReadOnlyList<(string Name, bool IsText)> columns = statement.Columns.Count > 0
                ? [.. statement.Columns.Select(c => (c.Name, c.Type == ColumnType.Text))]
                : await DescribeAsync(statement, runner, scope, context.RequestAborted);
            statement = statement with { Sql = Wrap(statement, columns, format == AnswerFormat.Csv) };
        }

        try
        {
            await runner.ExportAsync(statement, scope, format.Format, (body, cancellation) => SendAsync(context, format, body, cancellation), context.RequestAborted);
        }
        catch (ClickHouseException) when (context.Response.HasStarted)
        {
            // Broken off rather than ended: nobody takes a part for the whole.
            context.Abort();
        }
    }

    private static async Task SendAsync(HttpContext context, AnswerFormat format, Stream body, CancellationToken cancellation)
    {
        context.Response.ContentType = format.ContentType + (format == AnswerFormat.Csv ? "; charset=utf-8; header=present" : "");
        context.Response.Headers.ContentDisposition = $"attachment; filename=telemetry.{format.Extension}";
        await body.CopyToAsync(context.Response.Body, cancellation);
    }

    private static string Wrap(Statement statement, IReadOnlyList<(string Name, bool IsText)> columns, bool forSpreadsheets)
    {
        string select = string.Join(",\n    ", columns.Select(c => forSpreadsheets && c.IsText ? Disarmed(c.Name) : Name(c.Name)));
        string limit = statement.Limit > 0 ? string.Create(CultureInfo.InvariantCulture, $"\nLIMIT {statement.Limit}") : "";
        return $"SELECT\n    {select}\nFROM\n(\n{statement.Sql}\n){limit}";
    }

    private static string Disarmed(string column)
    {
        string name = Name(column);
        return $"if(match(ifNull(toString({name}), ''), {Formula}), concat('''', toString({name})), toString({name})) AS {name}";
    }

    private static string Name(string column) => $"`{column.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    private static async Task<IReadOnlyList<(string Name, bool IsText)>> DescribeAsync(Statement statement, QueryRunner runner, AccessScope scope, CancellationToken cancellation)
    {
        Result described = await runner.AskAsync(statement with { Sql = $"DESCRIBE (\n{statement.Sql}\n)" }, scope, cancellation);
        return [.. described.Answer.Rows.Select(r => (r.GetString("name"), r.GetString("type").Contains("String", StringComparison.Ordinal) && !IsNested(r.GetString("type")))).Where(c => c.Item1 != Sort.Key)];
    }

    private static bool IsNested(string type) => type.StartsWith("Array", StringComparison.Ordinal) || type.StartsWith("Map", StringComparison.Ordinal) || type.StartsWith("Tuple", StringComparison.Ordinal);
}
