using System.Globalization;
using System.Text;
using System.Text.Json;
using Telemetry.ClickHouse.Embedded.Sql;
using Telemetry.Query.Ask;
using Telemetry.Query.Questions;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Api.Routes;

/// <summary>Statements that people write.</summary>
internal static class SqlRoutes
{
    private const string Tag = "SQL";
    private const string Values = "param_";
    private const int UsualRows = 1000;
    private const int MostRows = 10_000;
    private const string Description =
        "Runs as the read-only user with limits of time, memory and rows (Telemetry:Console:Query); SETTINGS, FORMAT and INTO OUTFILE are refused. "
        + "docs/sql.md has views and statements to begin with. has_more says that rows were left out.";

    /// <summary>The routes.</summary>
    /// <param name="guard">Says whether statements run as somebody who may only read.</param>
    /// <param name="runner">Has the limits.</param>
    /// <param name="enabled">Whether statements are answered at all.</param>
    public static IReadOnlyList<ApiRoute> All(ReadOnlyGuard guard, QueryRunner runner, bool enabled) =>
    [
        new(
            "GET", "/sql", "runSql", Tag, "Runs a statement that reads",
            [new("query", $"The statement; values as {{name:Type}}, given as {Values}name", "SELECT count() FROM llm_calls_now"), new("limit", Limits(runner)) { Type = "integer", Default = "1000" }, Parameters.Format],
            AnswerShape.Table(null), request => AskAsync(request, request.Text("query") ?? "", request.Beginning(Values), guard, runner, enabled)) { Description = Description, FreeParameters = Values },
        new("POST", "/sql", "runSqlByPost", Tag, "Runs a statement that reads, from the body", [new("limit", Limits(runner)) { Type = "integer", Default = "1000" }, Parameters.Format], AnswerShape.Table(null), async request =>
        {
            JsonElement body = await request.BodyAsync();
            string query = body.TryGetProperty("query", out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
            return await AskAsync(request, query, BodyValues(body), guard, runner, enabled);
        })
        {
            Description = Description,
            ReadsByPost = true,
            Body = [("query", true, "The statement", "SELECT count() FROM llm_calls_now WHERE service = {service:String}"), ("parameters", false, "Object: values by name", """{"service": "checkout"}""")],
        },
    ];

    private static async Task<Answer> AskAsync(ApiRequest request, string query, IReadOnlyDictionary<string, string> values, ReadOnlyGuard guard, QueryRunner runner, bool enabled)
    {
        if (!enabled)
        {
            throw new ProblemException(Problem.Forbidden("Statements are not answered here (Telemetry:Console:AllowSql)"));
        }

        // Who sees some tenants only could learn of the others from the engine's own tables.
        if (request.Scope.Tenants is not null)
        {
            throw new ProblemException(Problem.Forbidden("Statements are for those who may see all tenants"));
        }

        await guard.RequireAsync(request.Aborted);
        if (!request.Scope.MayReadContent)
        {
            await RequireFilteredAsync(query, values, runner, request.Aborted);
        }

        int limit = request.IsExport && request.Text("limit") is null ? runner.Options.MaxExportRows : request.Limit(UsualRows, request.IsExport ? runner.Options.MaxExportRows : MostRows);
        return new TableAnswer(SqlQuestion.Ask(query, values, limit)) { PeopleWrote = true };
    }

    // The engine leaves out what may not be seen, as long as the statement does not go round that; and the engine itself says what the statement is.
    private static async Task RequireFilteredAsync(string query, IReadOnlyDictionary<string, string> values, QueryRunner runner, CancellationToken cancellation)
    {
        var question = new Statement("formatted", "SELECT formatQuerySingleLine({sql:String}) AS sql", new Dictionary<string, object?> { ["sql"] = query.Trim().TrimEnd(';') }, [Column.Text("sql", "The statement")]);
        Result formatted = await runner.AskAsync(question, AccessScope.All, cancellation);
        if (FilterEscapes.Find(Encoding.UTF8.GetBytes(formatted.Answer.Rows[0].GetString("sql")), values.Values) is { } name)
        {
            throw new ProblemException(Problem.Forbidden($"\"{name}\" in statements is for those who may read messages"));
        }
    }

    private static Dictionary<string, string> BodyValues(JsonElement body)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body.TryGetProperty("parameters", out JsonElement given))
        {
            if (given.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidQueryException("parameters", given.GetRawText(), "an object of values by name");
            }

            foreach (JsonProperty value in given.EnumerateObject())
            {
                values[value.Name] = value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString()! : value.Value.GetRawText();
            }
        }

        return values;
    }

    private static string Limits(QueryRunner runner) => string.Create(CultureInfo.InvariantCulture, $"Most rows: 1 to {MostRows} in JSON, to {runner.Options.MaxExportRows} in other formats");
}
