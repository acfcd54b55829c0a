using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>Reads pydantic/genai-prices: its v2 data file, or the npm package <c>@pydantic/genai-prices</c>, whose script holds the same data.</summary>
/// <param name="Providers">The providers, in the layout of the v2 data file.</param>
/// <param name="Version">Where the data comes from, for people.</param>
internal sealed partial record GenAiPricesSource(JsonArray Providers, string Version)
{
    private const int FewestProviders = 2;

    /// <exception cref="InvalidDataException">The file or package does not hold the data.</exception>
    public static GenAiPricesSource Read(string path)
    {
        try
        {
            return Directory.Exists(path) ? ReadPackage(path) : new GenAiPricesSource(Check(JsonNode.Parse(File.ReadAllBytes(path)), path), "data.json");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: not JSON: {e.Message}", e);
        }
    }

    private static GenAiPricesSource ReadPackage(string directory)
    {
        JsonNode? package = JsonNode.Parse(File.ReadAllBytes(Path.Combine(directory, "package.json")));
        string script = Path.Combine(directory, "dist", "index.cjs");
        string text = File.ReadAllText(script);
        Match start = ProviderList().Match(text);
        if (!start.Success)
        {
            throw new InvalidDataException($"{script}: no list of providers ([{{id: ...) in it");
        }

        try
        {
            return new GenAiPricesSource(Check(JavaScriptLiteral.Read(text, start.Index), script), $"npm {package?["name"]} {package?["version"]}");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{script}: {e.Message}", e);
        }
    }

    private static JsonArray Check(JsonNode? data, string path) =>
        data is JsonArray providers && providers.Count >= FewestProviders && providers.All(p => p is JsonObject o && o["id"] is JsonValue && o["models"] is JsonArray)
            ? providers
            : throw new InvalidDataException($"{path}: an array of providers, each with \"id\" and \"models\", is expected");

    [GeneratedRegex(@"\[\s*\{\s*id\s*:")]
    private static partial Regex ProviderList();
}
