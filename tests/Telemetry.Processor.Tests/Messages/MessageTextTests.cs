using System.Text;
using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Tests.Messages;

public sealed class MessageTextTests
{
    [Fact]
    public void Everything_said_is_shown_in_order()
    {
        const string Json =
            """[{"role":"us\u0065r","name":"ann","parts":[{"type":"text","content":"a\n\"b\""},{"type":"blob","modality":"image","content":"QUJD"}]},{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"tool_call","id":"c1","name":"f","arguments":{"a": [1]}},{"type":"tool_call","name":"g","arguments":"{"},{"type":"tool_call","name":"h"},{"type":"tool_call_response","response":{"t":1}},{"type":"tool_call_response","response":null}],"finish_reason":"stop"},{"role":"tool","parts":[]}]""";

        Assert.Equal(
            [
                "message user ann", "text a\n\"b\"", "other blob image", "message assistant ", "reasoning hm", "call f {\"a\": [1]}", "call g {", "call h ", "response {\"t\":1}", "response ",
                "message tool ",
            ],
            Shown(Json, out bool whole));
        Assert.True(whole);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{\"role\":\"user\",\"parts\":1}]")]
    [InlineData("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"\\ud800\"}]}]")]
    [InlineData("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\"")]
    [InlineData("[] []")]
    public void Broken_JSON_is_told(string json)
    {
        _ = Shown(json, out bool whole);

        Assert.False(whole);
    }

    private static List<string> Shown(string json, out bool whole)
    {
        var visitor = new Recorder([]);
        whole = MessageText.Visit(Encoding.UTF8.GetBytes(json), ref visitor);
        return visitor.Seen;
    }

    private readonly struct Recorder(List<string> seen) : IMessageVisitor
    {
        public List<string> Seen => seen;

        public void Message(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name) => Add("message", role, name);

        public void Text(ReadOnlySpan<byte> type, ReadOnlySpan<byte> text) => seen.Add($"{Encoding.UTF8.GetString(type)} {Encoding.UTF8.GetString(text)}");

        public void ToolCall(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments) => Add("call", name, arguments);

        public void ToolResponse(ReadOnlySpan<byte> response) => seen.Add($"response {Encoding.UTF8.GetString(response)}");

        public void Other(ReadOnlySpan<byte> type, ReadOnlySpan<byte> modality) => Add("other", type, modality);

        private void Add(string kind, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
            seen.Add($"{kind} {Encoding.UTF8.GetString(first)} {Encoding.UTF8.GetString(second)}");
    }
}
