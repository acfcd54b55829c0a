using System.Text.Json;
using Telemetry.Processor.Screen;

namespace Telemetry.Processor.Tests.Screen;

/// <summary>Rules about JSON and tools.</summary>
public sealed class StructureRuleTests
{
    private const string Schema = """
        {"type":"object","properties":{"name":{"type":"string","maxLength":5},"age":{"type":["integer","null"],"minimum":0},"tags":{"type":"array","items":{"$ref":"#/$defs/tag"},"maxItems":2}},
        "required":["name","age"],"additionalProperties":false,"$defs":{"tag":{"enum":["a","b"]}}}
        """;

    public static TheoryData<string, string> Requests => new()
    {
        { "gen_ai.output.type", "json" },
        { "gen_ai.openai.request.response_format", "json_object" },
        { "gen_ai.request.structured_output_schema", "{}" },
        { "llm.invocation_parameters", """{"model":"gpt-4o","response_format":{"type":"json_object"}}""" },
        { "llm.invocation_parameters", """{"text":{"format":{"type":"json_schema","schema":{}}}}""" },
        { "llm.invocation_parameters", """{"config":{"response_mime_type":"application/json"}}""" },
        { "model_request_parameters", """{"output_mode":"native","output_object":{"json_schema":{"type":"object"}}}""" },
        { "ai.schema", """{"type":"object"}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void Json_that_was_asked_for_and_did_not_come_is_flagged(string key, string value)
    {
        Assert.Equal([ScreenFlags.InvalidJson], Screened.Answer("{\"a\": 1", more: (key, value)));
        Assert.Equal([ScreenFlags.InvalidJson], Screened.Answer("```json\n{}\n```", more: (key, value)));
        Assert.Empty(Screened.Answer(" {\"a\": 1}\n", more: (key, value)));
    }

    [Theory]
    [InlineData("gen_ai.output.type", "text")]
    [InlineData("llm.invocation_parameters", """{"response_format":{"type":"text"}}""")]
    [InlineData("llm.invocation_parameters", """{"note":"json"}""")]
    [InlineData("model_request_parameters", """{"output_mode":"tool","output_object":{"json_schema":{"type":"object"}}}""")]
    public void Prose_that_was_asked_for_is_not(string key, string value) => Assert.Empty(Screened.Answer("It is {a}.", more: (key, value)));

    [Fact]
    public void A_tool_call_in_the_place_of_json_is_not() =>
        Assert.Empty(Screened.Call(("gen_ai.output.type", "json"), ("gen_ai.output.messages", Screened.ToolCall("search", new { }))));

    [Theory]
    [InlineData("""{"name":"Ann","age":3,"tags":["a"]}""", null)]
    [InlineData("""{"name":"Ann","age":null}""", null)]
    [InlineData("""{"name":"Ann","age":3.0}""", null)]
    [InlineData("""{"name":"Ann"}""", "required")]
    [InlineData("""{"name":"Ann","age":"3"}""", "type")]
    [InlineData("""{"name":"Ann","age":3.5}""", "type")]
    [InlineData("""{"name":"Ann","age":-1}""", "minimum")]
    [InlineData("""{"name":"Annabel","age":1}""", "maxLength")]
    [InlineData("""{"name":"Ann","age":1,"more":1}""", "additionalProperties")]
    [InlineData("""{"name":"Ann","age":1,"tags":["c"]}""", "enum")]
    [InlineData("""{"name":"Ann","age":1,"tags":["a","b","a"]}""", "maxItems")]
    [InlineData("""[]""", "type")]
    public void An_answer_that_does_not_fit_the_schema_is_flagged_with_the_keyword(string answer, string? keyword)
    {
        var item = Screened.Item(("gen_ai.output.messages", Screened.Message("assistant", answer)), ("gen_ai.request.structured_output_schema", Schema));

        Assert.Equal(keyword is null ? [] : [new ScreenHit(ScreenFlags.SchemaMismatch, keyword)], item.Call.Hits);
    }

    [Theory]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "\"x\"", true)]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "1", false)]
    [InlineData("""{"allOf":[{"type":"object"},{"required":["a"]}]}""", "{}", false)]
    [InlineData("""{"const":{"a":1}}""", """{"a":1.0}""", true)]
    [InlineData("""{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true}}}""", """{"a":null}""", true)]
    [InlineData("""{"type":"object","properties":{"node":{"$ref":"#"}},"required":["node"]}""", """{"node":{"node":{}}}""", false)]
    [InlineData("""{"$ref":"https://example.com/elsewhere"}""", "1", true)]
    [InlineData("""{"type":"object","format":"unheard-of","if":{},"x":1}""", "{}", true)]
    [InlineData("""not a schema""", "{}", true)]
    [InlineData("""{"$ref":"#"}""", "{}", true)]
    public void Schemas_are_read_as_far_as_they_are_known(string schema, string answer, bool fits)
    {
        string[] flags = Screened.Answer(answer, more: ("gen_ai.request.structured_output_schema", schema));

        Assert.Equal(fits ? [] : [ScreenFlags.SchemaMismatch], flags);
    }

    [Theory]
    [InlineData("""{"city":"Rome"}""", null)]
    [InlineData("""{"city":"Rome","days":3}""", null)]
    [InlineData("""{"days":3}""", ScreenFlags.MissingToolArguments)]
    [InlineData("""{}""", ScreenFlags.MissingToolArguments)]
    [InlineData("", ScreenFlags.MissingToolArguments)]
    [InlineData("{\"city\":\"Ro", ScreenFlags.InvalidToolArguments)]
    [InlineData("[1]", ScreenFlags.InvalidToolArguments)]
    [InlineData("city=Rome", ScreenFlags.InvalidToolArguments)]
    public void Arguments_of_a_tool_call_are_checked_against_what_was_offered(string arguments, string? flag)
    {
        const string Tools = """[{"type":"function","name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}}]""";
        string[] flags = Screened.Call(("gen_ai.output.messages", Screened.ToolCall("weather", arguments)), ("gen_ai.tool.definitions", Tools));

        Assert.Equal(flag is null ? [] : [flag], flags);
    }

    [Fact]
    public void A_tool_that_was_not_offered_is_flagged()
    {
        const string Tools = """[{"type":"function","name":"weather"}]""";
        Assert.Equal([ScreenFlags.UnknownTool], Screened.Call(("gen_ai.output.messages", Screened.ToolCall("delete_all", new { })), ("gen_ai.tool.definitions", Tools)));
        Assert.Empty(Screened.Call(("gen_ai.output.messages", Screened.ToolCall("weather", new { })), ("gen_ai.tool.definitions", Tools)));
        Assert.Empty(Screened.Call(("gen_ai.output.messages", Screened.ToolCall("weather", new { }))));
    }

    [Fact]
    public void Required_names_are_compared_unescaped()
    {
        string tools = JsonSerializer.Serialize(new[] { new { type = "function", name = "t", parameters = new { type = "object", required = new[] { "größe \"x\"" } } } });
        Assert.Empty(Screened.Call(("gen_ai.output.messages", Screened.ToolCall("t", new Dictionary<string, int> { ["größe \"x\""] = 1 })), ("gen_ai.tool.definitions", tools)));
    }
}
