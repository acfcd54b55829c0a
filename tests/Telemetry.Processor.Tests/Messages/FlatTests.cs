using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Tests.Messages;

public sealed class FlatTests
{
    private const string Asked = """[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""";

    private const string Called =
        """[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}},{"type":"tool_call","id":"c2","name":"g","arguments":"{"}],"finish_reason":"tool_calls"}]""";

    [Fact]
    public void OpenLLMetry_prompts_and_completions()
    {
        Assert.Equal(Asked, Normalized.Flat(
            "gen_ai.prompt.", "user",
            ("gen_ai.prompt.1.content", "Hi"), ("gen_ai.completion.0.content", "no"), ("gen_ai.prompt.0.role", "system"), ("gen_ai.prompt.0.content", "Be kind.")).Json);
        Assert.Equal(Called, Normalized.Flat(
            "gen_ai.completion.", "assistant",
            ("gen_ai.completion.0.tool_calls.1.name", "g"), ("gen_ai.completion.0.tool_calls.1.id", "c2"), ("gen_ai.completion.0.tool_calls.1.arguments", "{"),
            ("gen_ai.completion.0.finish_reason", "tool_calls"), ("gen_ai.completion.0.tool_calls.0.arguments", """{"a":1}"""),
            ("gen_ai.completion.0.tool_calls.0.id", "c1"), ("gen_ai.completion.0.tool_calls.0.name", "f")).Json);
        Assert.Equal(
            """[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"21"}]}]""",
            Normalized.Flat("gen_ai.prompt.", "user", ("gen_ai.prompt.0.role", "tool"), ("gen_ai.prompt.0.content", "21"), ("gen_ai.prompt.0.tool_call_id", "c1")).Json);
    }

    [Fact]
    public void OpenInference_messages()
    {
        Assert.Equal(Asked, Normalized.Flat(
            "llm.input_messages.", "user",
            ("llm.input_messages.0.message.role", "system"), ("llm.input_messages.0.message.content", "Be kind."),
            ("llm.input_messages.1.message.role", "user"), ("llm.input_messages.1.message.content", "Hi")).Json);
        Assert.Equal(Called, Normalized.Flat(
            "llm.output_messages.", "assistant",
            ("llm.output_messages.0.message.tool_calls.0.tool_call.id", "c1"), ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "f"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", """{"a":1}"""),
            ("llm.output_messages.0.message.tool_calls.1.tool_call.id", "c2"), ("llm.output_messages.0.message.tool_calls.1.tool_call.function.name", "g"),
            ("llm.output_messages.0.message.tool_calls.1.tool_call.function.arguments", "{"), ("llm.output_messages.0.message.finish_reason", "tool_calls")).Json);
    }

    [Fact]
    public void OpenInference_contents_function_calls_and_completions()
    {
        Assert.Equal(
            """[{"role":"user","name":"ann","parts":[{"type":"text","content":"See"},{"type":"uri","modality":"image","uri":"https://x/y"},{"type":"blob","modality":"image","mime_type":"image/png","content":"QUJD"},{"type":"reasoning","content":"hm"}]}]""",
            Normalized.Flat(
                "llm.input_messages.", "user",
                ("llm.input_messages.0.message.name", "ann"),
                ("llm.input_messages.0.message.contents.0.message_content.type", "text"), ("llm.input_messages.0.message.contents.0.message_content.text", "See"),
                ("llm.input_messages.0.message.contents.1.message_content.type", "image"),
                ("llm.input_messages.0.message.contents.1.message_content.image.image.url", "https://x/y"),
                ("llm.input_messages.0.message.contents.2.message_content.image.image.url", "data:image/png;base64,QUJD"),
                ("llm.input_messages.0.message.contents.10.message_content.type", "reasoning"), ("llm.input_messages.0.message.contents.10.message_content.text", "hm"),
                ("llm.input_messages.0.message.contents.10.message_content.signature", "s")).Json);
        Assert.Equal(
            """[{"role":"assistant","parts":[{"type":"tool_call","name":"f","arguments":{}}]}]""",
            Normalized.Flat(
                "llm.output_messages.", "assistant",
                ("llm.output_messages.0.message.function_call_name", "f"), ("llm.output_messages.0.message.function_call_arguments_json", "{}")).Json);
        Assert.Equal("""[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""", Normalized.Flat("llm.prompts.", "user", ("llm.prompts.0.prompt.text", "Hi")).Json);
        Assert.Equal("""[{"role":"assistant","parts":[{"type":"text","content":"Ho"}]}]""", Normalized.Flat("llm.choices.", "assistant", ("llm.choices.0.completion.text", "Ho")).Json);
    }

    [Fact]
    public void A_content_that_is_a_list_of_parts_is_read_and_other_JSON_is_text()
    {
        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"See"},{"type":"uri","modality":"image","uri":"https://x/y"}]},{"role":"user","parts":[{"type":"text","content":"[{\"a\":1}]"}]}]""",
            Normalized.Flat(
                "gen_ai.prompt.", "user",
                ("gen_ai.prompt.0.content", """[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"https://x/y"}}]"""),
                ("gen_ai.prompt.1.content", """[{"a":1}]""")).Json);
    }

    [Fact]
    public void Numbers_are_in_order_whatever_their_size_and_gaps()
    {
        Normalized messages = Normalized.Flat(
            "gen_ai.prompt.", "user",
            ("gen_ai.prompt.999999999.content", "last"), ("gen_ai.prompt.10.content", "second"), ("gen_ai.prompt.2.content", "first"),
            ("gen_ai.prompt.99999999999999999999.content", "too large"), ("gen_ai.prompt.-1.content", "negative"), ("gen_ai.prompt..content", "none"), ("gen_ai.prompt.7", "no field"));

        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"first"}]},{"role":"user","parts":[{"type":"text","content":"second"}]},{"role":"user","parts":[{"type":"text","content":"last"}]}]""",
            messages.Json);
    }

    [Fact]
    public void Values_of_other_kinds_and_duplicates()
    {
        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"5"}]},{"role":"user","parts":[{"type":"text","content":"true"}]},{"role":"user","parts":[{"type":"text","content":"again"}]}]""",
            Normalized.Flat(
                "gen_ai.prompt.", "user",
                ("gen_ai.prompt.0.content", 5), ("gen_ai.prompt.1.content", true), ("gen_ai.prompt.2.content", "once"), ("gen_ai.prompt.2.content", "again")).Json);
        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"a"},{"type":"text","content":"b"}]}]""",
            Normalized.Flat("gen_ai.prompt.", "user", ("gen_ai.prompt.0.role", 7), ("gen_ai.prompt.0.content", new object[] { "a", "b" })).Json);
    }

    [Fact]
    public void Above_4096_messages_the_rest_is_dropped_and_said_so()
    {
        (string, object)[] keys = [.. Enumerable.Range(0, 5000).Select(i => ($"gen_ai.prompt.{i * 7}.content", (object)"x"))];

        Normalized messages = Normalized.Flat("gen_ai.prompt.", "user", keys);

        Assert.Equal(MessageFlaws.Cut, messages.Flaws);
        Assert.Equal(4096, System.Text.Json.JsonDocument.Parse(messages.Json).RootElement.GetArrayLength());
    }

    [Fact]
    public void Without_keys_there_are_no_messages() =>
        Assert.Equal(new Normalized(false, "[]", MessageFlaws.None), Normalized.Flat("gen_ai.prompt.", "user", ("gen_ai.prompt", "x"), ("other", 1)));
}
