using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Tests.Messages;

public sealed class ToolTests
{
    private const string Expected = """[{"type":"function","name":"f","description":"does","parameters":{"type":"object"}}]""";

    [Theory]
    [InlineData("""[{"type":"function","function":{"name":"f","description":"does","parameters":{"type":"object"}}}]""")]
    [InlineData("""[{"type":"function","name":"f","description":"does","parameters":{"type":"object"},"strict":true}]""")]
    [InlineData("""{"tools":[{"function":{"name":"f","description":"does","parameters":"{\"type\":\"object\"}"}}]}""")]
    [InlineData("""[{"name":"f","description":"does","input_schema":{"type":"object"},"cache_control":null}]""")]
    [InlineData("""["{\"type\":\"function\",\"name\":\"f\",\"description\":\"does\",\"inputSchema\":{\"type\":\"object\"}}"]""")]
    [InlineData("""{"type":"function","name":"f","description":"does","inputSchema":{"jsonSchema":{"type":"object"}}}""")]
    [InlineData("""[{"functionDeclarations":[{"name":"f","description":"does","parameters":{"type":"object"}}]}]""")]
    [InlineData("""{"tools":[{"toolSpec":{"name":"f","description":"does","inputSchema":{"json":{"type":"object"}}}}]}""")]
    [InlineData("""{"functions":[{"name":"f","description":"does","parameters":{"type":"object"}}]}""")]
    public void Tools_of_all_shapes_become_one(string sent)
    {
        Assert.Equal(new Normalized(true, Expected, MessageFlaws.None), Normalized.Tools(sent));
        Assert.Equal(Expected, Normalized.Tools(Expected).Json);
    }

    [Fact]
    public void Tools_of_the_provider_keep_their_type() =>
        Assert.Equal(
            """[{"type":"web_search_20250305","name":"web_search"},{"type":"code_interpreter","name":"code_interpreter"}]""",
            Normalized.Tools("""[{"type":"web_search_20250305","name":"web_search","max_uses":1},{"type":"code_interpreter"}]""").Json);

    [Fact]
    public void An_array_of_JSON_texts()
    {
        const string Tool = """{"type":"function","name":"f","description":"does","inputSchema":{"type":"object"}}""";

        Assert.Equal(Expected, Normalized.Tools(Normalized.Any(new object[] { Tool })).Json);
    }

    [Fact]
    public void Flat_tools()
    {
        Assert.Equal(
            """[{"type":"function","name":"g"},{"type":"function","name":"f","description":"does","parameters":{"type":"object"}}]""",
            Normalized.FlatTools(
                "llm.tools.",
                ("llm.tools.10.tool.json_schema", """{"type":"function","function":{"name":"f","description":"does","parameters":{"type":"object"}}}"""),
                ("llm.tools.2.tool.name", "g")).Json);
        Assert.Equal(Expected, Normalized.FlatTools(
            "llm.request.functions.",
            ("llm.request.functions.0.parameters", """{"type":"object"}"""), ("llm.request.functions.0.name", "f"), ("llm.request.functions.0.description", "does")).Json);
        Assert.Equal(new Normalized(false, "[]", MessageFlaws.None), Normalized.FlatTools("llm.tools.", ("llm.tools.x", 1)));
    }

    [Theory]
    [InlineData("", "[]", MessageFlaws.None)]
    [InlineData("null", "[]", MessageFlaws.Unreadable)]
    [InlineData("get_weather", "[]", MessageFlaws.Unreadable)]
    [InlineData("""[{"type":"function","name":"f"},""", "[]", MessageFlaws.Unreadable)]
    [InlineData("""[1,{"name":"f"},{}]""", """[{"type":"function","name":"f"}]""", MessageFlaws.UnknownShape)]
    internal void What_is_no_tool_is_left_out(string sent, string expected, MessageFlaws flaws) =>
        Assert.Equal(new Normalized(flaws == MessageFlaws.None, expected, flaws), Normalized.Tools(sent));
}
