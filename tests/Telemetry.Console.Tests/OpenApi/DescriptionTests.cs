using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Console.Api;
using Telemetry.Hosting.Health;

namespace Telemetry.Console.Tests.OpenApi;

/// <summary>The description of the API is of the API that there is.</summary>
public sealed class DescriptionTests(ConsoleFixture console)
{
    private static readonly ConsoleWeb Web = new(
        new ConsoleOptions(), new OperationsOptions(), new ClickHouse.Client.ClickHouseClient(new HttpClient(), new ClickHouse.Client.ClickHouseOptions()), null, NullLoggerFactory.Instance, TimeProvider.System);

    [Fact]
    public async Task Every_route_is_described_and_nothing_else()
    {
        JsonElement document = await ReadAsync();

        string[] described = [.. document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}")).Order()];
        Assert.Equal([.. Web.Routes.Select(r => $"{r.Method} {ApiRoute.Root}{r.Path}").Order()], described);
        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_a_summary_and_its_parameters()
    {
        JsonElement document = await ReadAsync();

        Assert.Equal(Web.Routes.Count, Web.Routes.Select(r => r.Id).Distinct().Count());
        foreach (ApiRoute route in Web.Routes)
        {
            JsonElement operation = document.GetProperty("paths").GetProperty(ApiRoute.Root + route.Path).GetProperty(route.Method.ToLowerInvariant());
            Assert.Equal(route.Id, operation.GetProperty("operationId").GetString());
            Assert.Equal(route.Summary, operation.GetProperty("summary").GetString());
            JsonElement[] parameters = operation.TryGetProperty("parameters", out JsonElement given) ? [.. given.EnumerateArray()] : [];
            Assert.Equal(route.Parameters.Select(p => p.Name), parameters.Select(p => p.GetProperty("name").GetString()));
            Assert.All(parameters, p => Assert.NotEqual("", p.GetProperty("description").GetString()));
            Assert.Equal(route.Body.Count > 0, operation.TryGetProperty("requestBody", out _));
            Assert.Contains(operation.GetProperty("responses").EnumerateObject(), r => r.Name.StartsWith('2'));
            Assert.True(operation.GetProperty("responses").GetProperty("400").GetProperty("content").TryGetProperty(Problem.ContentType, out _));
        }
    }

    [Fact]
    public async Task Parts_of_paths_are_parameters_that_must_be_given()
    {
        JsonElement document = await ReadAsync();

        foreach (ApiRoute route in Web.Routes)
        {
            string[] inPath = [.. System.Text.RegularExpressions.Regex.Matches(route.Path, @"\{(\w+)\}").Select(m => m.Groups[1].Value)];
            Assert.Equal(inPath, route.Parameters.Where(p => p.InPath).Select(p => p.Name));
        }

        Assert.True(document.GetProperty("paths").GetProperty("/api/v1/traces/{trace}").GetProperty("get").GetProperty("parameters")[0].GetProperty("required").GetBoolean());
    }

    [Fact]
    public void Every_column_is_described() => Assert.All(
        Web.Routes.SelectMany(r => (r.Answers.Columns ?? []).Concat(r.Answers.Parts.SelectMany(p => p.Columns))), c => Assert.NotEqual("", c.Description));

    private async Task<JsonElement> ReadAsync() => JsonDocument.Parse(await console.Http.GetStringAsync(new Uri(console.Url, "/openapi/v1.json"), TestContext.Current.CancellationToken)).RootElement;
}
