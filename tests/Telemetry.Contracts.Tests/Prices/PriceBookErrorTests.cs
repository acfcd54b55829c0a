using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Telemetry.Contracts.Prices;

namespace Telemetry.Contracts.Tests.Prices;

public class PriceBookErrorTests
{
    [Theory]
    [InlineData("", "0.json: The input does not contain any JSON")]
    [InlineData("[]", "an object is expected, not []")]
    [InlineData("""{"models": []}""", "$: \"provider\" is missing")]
    [InlineData("""{"provider": "p"}""", "$: \"models\" is missing")]
    [InlineData("""{"provider": "", "models": []}""", "$.provider: a text that is not empty is expected, not \"\"")]
    [InlineData("""{"provider": "p", "models": {}}""", "$.models: an array is expected, not {}")]
    [InlineData("""{"provider": "p", "models": [], "modles": []}""", "$: \"modles\" is not known; allowed: provider, names")]
    [InlineData("""{"provider": "p", "provider": "q", "models": []}""", "provider")]
    [InlineData("""{"provider": "p", "names": "openai", "models": []}""", "$.names: an array is expected, not \"openai\"")]
    [InlineData("""{"provider": "p", "fallbacks": ["q"], "models": []}""", "the fallback \"q\" is no provider of the book")]
    [InlineData("""{"provider": "p", "requested_model_decides": 1, "models": []}""", "$.requested_model_decides: true or false is expected")]
    [InlineData("""{"provider": "p", "aliases": {"x": 1}, "models": []}""", "$.aliases.x: a text")]
    [InlineData("""{"provider": "p", "aliases": {"x": "m", "X": "n"}, "models": []}""", "$.aliases.X: the same name stands there twice")]
    [InlineData("""{"provider": "p", "models": [7]}""", "$.models[0]: an object is expected, not 7")]
    [InlineData("""{"provider": "p", "models": [{"id": "m", "prices": []}]}""", "$.models[0]: \"prices\" needs at least one entry")]
    [InlineData("""{"provider": "p", "models": [{"id": "m", "prices": [{"usd_per_million_tokens": {"input": 1}}]}, {"id": "m", "prices": [{"usd_per_million_tokens": {"input": 2}}]}]}""", "$.models[1]: there is another model \"m\"")]
    public void A_wrong_file_is_refused_with_the_place_and_what_is_allowed(string json, string error) => AssertRefused(json, error);

    [Theory]
    [InlineData("""{"like": "x"}""", "\"like\" is no match clause; allowed: equals, starts_with")]
    [InlineData("""{"equals": ""}""", "$.models[0].match.equals: a text that is not empty")]
    [InlineData("""{"equals": "a", "contains": "b"}""", "$.models[0].match: an object with one of")]
    [InlineData("""{}""", "$.models[0].match: an object with one of")]
    [InlineData("\"m\"", "$.models[0].match: an object is expected")]
    [InlineData("""{"or": []}""", "$.models[0].match: at least one clause is needed")]
    [InlineData("""{"or": [{"equals": "a"}, {"and": [{"regex": "("}]}]}""", "$.models[0].match.or[1].and[0]: Invalid pattern")]
    [InlineData("""{"regex": "^(?!x)"}""", "$.models[0].match: ")]
    [InlineData("""{"not": [{"equals": "a"}]}""", "$.models[0].match.not: an object is expected")]
    public void A_wrong_match_clause_is_refused(string clause, string error) =>
        AssertRefused($$"""{"provider": "p", "models": [{"id": "m", "match": {{clause}}, "prices": [{"usd_per_million_tokens": {"input": 1} }]}]}""", error);

    [Theory]
    [InlineData("""{"usd_per_million_tokens": {"input": -1}}""", ".usd_per_million_tokens.input: US dollars from 0 to 1000000")]
    [InlineData("""{"usd_per_million_tokens": {"input": 1e-3}}""", "in plain digits with at most 9 decimals are expected, not 1e-3")]
    [InlineData("""{"usd_per_million_tokens": {"input": 0.0000000001}}""", "not 0.0000000001")]
    [InlineData("""{"usd_per_million_tokens": {"input": 1000000.1}}""", "not 1000000.1")]
    [InlineData("""{"usd_per_million_tokens": {"input": 0.1000000000000000000000000000000000001}}""", "not 0.1000000000000000000000000000000000001")]
    [InlineData("""{"usd_per_million_tokens": {"input": "1,5"}}""", "not \"1,5\"")]
    [InlineData("""{"usd_per_million_tokens": {"input": null}}""", "not null")]
    [InlineData("""{"usd_per_million_tokens": {"inptu": 1}}""", "\"inptu\" is no kind of token; allowed: input, cache_read")]
    [InlineData("""{"usd_per_million_tokens": {"cache_read": 1}}""", "parts of the input have prices, \"input\" has none")]
    [InlineData("""{"usd_per_million_tokens": {"input": 1, "reasoning": 1}}""", "parts of the output have prices, \"output\" has none")]
    [InlineData("""{"usd_per_million_tokens": {"input": {"base": 1}}}""", ".input: \"steps\" is missing")]
    [InlineData("""{"usd_per_million_tokens": {"input": {"base": 1, "steps": [{"above_input_tokens": 0, "price": 2}]}}}""", "a whole number of tokens above 0 is expected, not 0")]
    [InlineData("""{"usd_per_million_tokens": {"input": {"base": 1, "steps": [{"above_input_tokens": 5, "price": 2}, {"above_input_tokens": 5, "price": 3}]}}}""", "steps[1]: steps must rise")]
    [InlineData("""{"usd_per_request": 1}""", "\"usd_per_million_tokens\" is missing")]
    [InlineData("""{"from": "2026-13-01", "usd_per_million_tokens": {}}""", ".prices[0].from: a day such as 2026-09-01 is expected, not \"2026-13-01\"")]
    [InlineData("""{"day_start_utc": "24:00", "day_end_utc": "01:00", "usd_per_million_tokens": {}}""", ".day_start_utc: a time such as 16:30")]
    [InlineData("""{"day_start_utc": "12:00", "usd_per_million_tokens": {}}""", "are given together and differ")]
    [InlineData("""{"day_start_utc": "12:00", "day_end_utc": "12:00", "usd_per_million_tokens": {}}""", "are given together and differ")]
    [InlineData("""{"days_utc": ["6"], "usd_per_million_tokens": {}}""", ".days_utc[0]: a day of the week")]
    [InlineData("""{"usd_per_million_tokens": {"input": 1}}, {"usd_per_million_tokens": {"input": 2}}""", "prices[1]: another entry has the same beginning, hours and service tier (p/m@start)")]
    public void A_wrong_price_is_refused(string entries, string error) =>
        AssertRefused($$"""{"provider": "p", "models": [{"id": "m", "prices": [{{entries}}]}]}""", error);

    [Fact]
    public void Every_error_of_every_file_is_listed_at_once()
    {
        var refused = Assert.Throws<PriceBookException>(() => Books.Of("""{"provider": "p", "models": [{"id": "m", "prices": []}, 3]}""", "{", "{}"));

        Assert.Contains(refused.Errors, e => e.StartsWith("0.json: $.models[0]", StringComparison.Ordinal));
        Assert.Contains(refused.Errors, e => e.StartsWith("0.json: $.models[1]", StringComparison.Ordinal));
        Assert.Contains(refused.Errors, e => e.StartsWith("1.json: ", StringComparison.Ordinal));
        Assert.Contains(refused.Errors, e => e.StartsWith("2.json: $: \"models\"", StringComparison.Ordinal));
        Assert.All(refused.Errors, e => Assert.Contains(e, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_has_one_owner_and_there_is_no_book_without_files()
    {
        const string Free = """[{"id": "m", "prices": [{"usd_per_million_tokens": {}}]}]""";

        Assert.Contains("the name \"P\" belongs to provider p already", Assert.Throws<PriceBookException>(() =>
            Books.Of($$"""{"provider": "p", "models": {{Free}}}""", $$"""{"provider": "q", "names": ["P"], "models": {{Free}}}""")).Message, StringComparison.Ordinal);
        Assert.Throws<PriceBookException>(() => PriceBook.Parse([]));
    }

    [Fact]
    public void Mutated_files_give_a_whole_book_or_an_error_that_names_the_file()
    {
        byte[] good = Books.ShippedFiles.Single(f => f.FileName == "anthropic.json").Json.ToArray();
        var random = new Random(20260923);
        int refused = 0;
        for (int round = 0; round < 500; round++)
        {
            byte[] mutated = Mutate(good, random);
            try
            {
                Assert.Single(PriceBook.Parse([("anthropic.json", mutated)]).Providers);
            }
            catch (PriceBookException e)
            {
                refused++;
                Assert.NotEmpty(e.Errors);
                Assert.All(e.Errors, error => Assert.StartsWith("anthropic.json: ", error, StringComparison.Ordinal));
            }
        }

        Assert.InRange(refused, 150, 500);
    }

    [Fact]
    public void A_file_of_which_any_value_has_another_type_is_refused_or_read_but_never_breaks_the_reader()
    {
        const string Small = """
            {"provider": "p", "names": ["a"], "fallbacks": [], "requested_model_decides": true, "aliases": {"x": "m"}, "service_tier_names": {"fast": "priority"},
             "source": {}, "published_at": [], "models": [{"id": "m", "match": {"or": [{"equals": "m"}, {"not": {"regex": "x"}}]}, "prices": [
               {"from": "2026-01-01", "days_utc": ["monday"], "day_start_utc": "01:00", "day_end_utc": "02:00", "tier": "flex", "usd_per_request": 1,
                "usd_per_web_search": 1, "usd_per_other": {"page": 1}, "source": "s",
                "usd_per_million_tokens": {"input": {"base": 1, "steps": [{"above_input_tokens": 1, "price": 1}]}, "output": 1}}]}]}
            """;
        string[] replacements = ["null", "true", "7", "-1", "\"\"", "\"x\"", "[]", "{}", "[null]", "{\"a\": null}", "1e400"];
        List<string> places = Places(JsonNode.Parse(Small)!);
        Books.Of(Small);
        Assert.True(places.Count > 30);
        foreach (string place in places)
        {
            foreach (string replacement in replacements)
            {
                JsonNode root = JsonNode.Parse(Small)!;
                Replace(root, place, JsonNode.Parse(replacement));
                try
                {
                    Books.Of(root.ToJsonString());
                }
                catch (PriceBookException e)
                {
                    Assert.NotEmpty(e.Errors);
                }
            }
        }
    }

    private static void AssertRefused(string json, string error)
    {
        var refused = Assert.Throws<PriceBookException>(() => Books.Of(json));
        Assert.Contains(refused.Errors, e => e.Contains(error, StringComparison.Ordinal));
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        int at = random.Next(bytes.Length);
        switch (random.Next(4))
        {
            case 0:
                return bytes[..at];
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 40))..]];
            default:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(JsonSerializer.Serialize(random.Next())), .. bytes[at..]];
        }
    }

    private static List<string> Places(JsonNode node) => node switch
    {
        JsonObject members => [.. members.SelectMany(m => Places(m.Value!).Prepend(m.Value!.GetPath()))],
        JsonArray items => [.. items.SelectMany(i => Places(i!).Prepend(i!.GetPath()))],
        _ => [],
    };

    private static void Replace(JsonNode node, string place, JsonNode? replacement)
    {
        foreach (JsonNode? child in node is JsonObject members ? members.Select(m => m.Value).ToList() : node is JsonArray items ? [.. items] : [])
        {
            if (child!.GetPath() == place)
            {
                child.ReplaceWith(replacement);
                return;
            }

            Replace(child, place, replacement);
        }
    }
}
