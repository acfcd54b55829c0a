using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Normalize.Fields;

namespace Telemetry.Processor.Tests.Dialects.Mixed;

public sealed class JsonFieldsTests
{
    private const string Json = """{"id":"r-1","text":"a \"b\" é","count":1234,"yes":true,"none":null,"usage":{"input_tokens":12,"details":{"cached":7}},"choices":[{"finish_reason":"stop","x":{"finish_reason":"no"}},{"finish_reason":"length"}],"last":9}""";

    private static readonly TextInterner Names = new();

    [Theory]
    [InlineData("r-1", "id")]
    [InlineData("a \"b\" é", "text")]
    [InlineData("1234", "count")]
    [InlineData("12", "usage", "input_tokens")]
    [InlineData("7", "usage", "details", "cached")]
    [InlineData("9", "last")]
    [InlineData("", "none")]
    [InlineData("", "missing")]
    [InlineData("", "input_tokens")]
    [InlineData("", "id", "deeper")]
    [InlineData("", "usage", "missing")]
    public void A_member_is_found_at_its_path_alone(string expected, params string[] path) => Assert.Equal(expected, Text(JsonFields.Find(Value(Json), path)));

    [Fact]
    public void Json_within_a_json_text_is_read_too() => Assert.Equal("12", Text(JsonFields.Find(Value("\"" + Json.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""), "usage", "input_tokens")));

    [Fact]
    public void Wherever_a_text_is_cut_what_is_found_is_what_the_whole_would_have_told()
    {
        for (int length = 0; length <= Json.Length; length++)
        {
            AttributeValue cut = Value(Json[..length]);
            foreach (string[] path in (string[][])[["id"], ["text"], ["count"], ["usage", "input_tokens"], ["usage", "details", "cached"], ["last"]])
            {
                string found = Text(JsonFields.Find(cut, path));
                Assert.True(found.Length == 0 || found == Text(JsonFields.Find(Value(Json), path)), $"{length}: {found}");
            }

            List<string> members = [];
            JsonFields.EachMember(cut, members, static (to, name, _) => to.Add(Encoding.UTF8.GetString(name)));
            Assert.Equal(members, ((string[])["id", "text", "count", "yes", "none", "usage", "choices", "last"]).Take(members.Count));

            List<string> numbers = [];
            JsonFields.EachNumber(cut, Names, numbers, static (to, name, _) => to.Add(name));
            Assert.Equal(numbers, ((string[])["id", "text", "count", "usage.input_tokens", "last"]).Take(numbers.Count));
        }
    }

    [Fact]
    public void Reasons_of_choices_are_those_of_the_choices_themselves()
    {
        List<ReadOnlyMemory<byte>> reasons = [];
        JsonFields.CollectFromArray(JsonFields.Find(Value(Json), "choices"), "finish_reason", reasons);

        Assert.Equal(["stop", "length"], reasons.Select(r => Encoding.UTF8.GetString(r.Span)));
    }

    [Theory]
    [InlineData("{'cache_read': 60, 'audio': 0}", "60")]
    [InlineData("{'audio': 0, 'cache_read':60}", "60")]
    [InlineData("""{"audio":0,"cache_read":60}""", "60")]
    [InlineData("{'cache_read': None}", "")]
    [InlineData("{'cache_read'", "")]
    [InlineData("{'cache_read':", "")]
    [InlineData("", "")]
    public void A_printed_dictionary_is_read_like_json(string sent, string expected) => Assert.Equal(expected, Text(JsonFields.FindLoosely(Value(sent), "cache_read")));

    [Fact]
    public void No_text_makes_reading_fail() => Prop.ForAll(
        ArbMap.Default.ArbFor<(string, string)>(),
        texts =>
        {
            (string first, string second) = texts;
            foreach (string? text in (string?[])[first, $"{{{first}", $"{{\"{first}\":{second}", $"[{{\"a\":\"{first}\",{second}", $"\"{first}\\\"{second}", $"{{'{first}': {second}"])
            {
                AttributeValue value = Value(text ?? "");
                JsonFields.Find(value, "a", "b");
                JsonFields.FindLoosely(value, "a");
                JsonFields.CollectFromArray(value, "a", []);
                JsonFields.EachMember(value, 0, static (_, _, _) => { });
                JsonFields.EachNumber(value, Names, 0, static (_, _, _) => { });
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static AttributeValue Value(string text) => AttributeValue.OfText(Encoding.UTF8.GetBytes(text));

    private static string Text(AttributeValue value) => Encoding.UTF8.GetString(value.Text);
}
