using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Console.Api;
using Telemetry.Hosting.Health;

namespace Telemetry.Console.Tests.Api;

/// <summary>Every route answers, with the columns that it describes.</summary>
public sealed class RouteTests(ConsoleFixture console)
{
    private const string Trace = "00000000000000000000000000000001";
    private const string Span = "0000000000000001";

    private static readonly ConsoleWeb Web = new(
        new ConsoleOptions(), new OperationsOptions(), new ClickHouse.Client.ClickHouseClient(new HttpClient(), new ClickHouse.Client.ClickHouseOptions()), null, NullLoggerFactory.Instance, TimeProvider.System);

    public static TheoryData<string> Reading => [.. Web.Routes.Where(r => r.Method == "GET" && !r.Path.Contains('{', StringComparison.Ordinal)).Select(r => r.Path)];

    [Theory]
    [MemberData(nameof(Reading))]
    public async Task A_route_answers_with_the_columns_and_parts_that_it_describes(string path)
    {
        ApiRoute route = Web.Routes.Single(r => r.Path == path && r.Method == "GET");

        JsonElement answer = await console.GetAsync(path == "/sql" ? "/sql?query=SELECT+1" : path + (route.Parameters.Any(p => p.Name == "from") ? "?from=now-10d" : ""));

        if (route.Answers.IsTable)
        {
            Assert.NotEmpty(answer.GetProperty("data").EnumerateArray());
        }

        foreach ((string name, var columns, bool single) in route.Answers.Parts)
        {
            JsonElement part = answer.GetProperty(name);
            Assert.Equal(single ? JsonValueKind.Object : JsonValueKind.Array, part.ValueKind);
            Assert.Equal(columns.Select(c => c.Name), (single ? part : part.EnumerateArray().First()).EnumerateObject().Select(p => p.Name));
        }

        if (route.Answers is { IsTable: true, Columns: { } expected })
        {
            Assert.All(answer.GetProperty("data").EnumerateArray(), row => Assert.Equal(expected.Select(c => c.Name), row.EnumerateObject().Select(p => p.Name)));
        }
    }

    [Theory]
    [InlineData("/calls/" + Trace + "/" + Span)]
    [InlineData("/traces/" + Trace)]
    [InlineData("/dimensions/service/values")]
    [InlineData("/alerts/incident-0")]
    public async Task A_route_with_a_name_in_its_path_answers(string path) => await console.GetAsync(path);

    [Theory]
    [MemberData(nameof(Reading))]
    public async Task Every_statement_of_an_answer_runs_by_itself_with_its_parameters(string path)
    {
        JsonElement answer = await console.GetAsync(path == "/sql" ? "/sql?query=SELECT+1" : path);
        if (!answer.TryGetProperty("sql", out JsonElement statements))
        {
            return;
        }

        foreach (JsonElement statement in statements.EnumerateArray())
        {
            string parameters = string.Concat(statement.GetProperty("parameters").EnumerateObject().Select(p => $"&param_{p.Name}={Uri.EscapeDataString(p.Value.GetString()!)}"));
            using var content = new StringContent(statement.GetProperty("statement").GetString()!);
            using HttpResponseMessage response = await console.Http.PostAsync(
                new Uri(console.Reader.Options.Url, "/?database=telemetry&user=reader" + parameters), content, TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
