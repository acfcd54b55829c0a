using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Tests.Messages;

public sealed class HostileTests
{
    private static readonly string[] Names =
    [
        "role", "content", "parts", "type", "text", "tool_calls", "function", "function_call", "name", "arguments", "id", "messages", "prompt", "choices", "message",
        "kwargs", "lc", "data", "response", "result", "output", "input", "image_url", "source", "url", "summary", "system", "toolCallId", "toolName", "functionCall",
        "inlineData", "finish_reason", "modality", "tool_call_id", "event.name", "audio", "additional_kwargs", "candidates", "\\ud800", "x",
    ];

    private static readonly string[] Texts =
    [
        "user", "human", "ai", "tool", "assistant", "text", "tool_call", "tool_use", "tool_call_response", "tool-result", "image_url", "image", "file", "blob", "reasoning",
        "message", "function_call", "function_call_output", "refusal", "", "Hi", "data:image/png;base64,QUJD", "data:,", "data:", "http://x", "{\\\"a\\\":1}", "[{\\\"role\\\":1}]", "[",
        "\\ud83d\\ude00", "\\ud83d", "\\ude00x", "\\u0000", "\\\\ud800", "ä", "\\\"", "stop", "json", "search_call",
    ];

    private static readonly Gen<string> AnyJson = Gen.Sized(size => Json(Math.Min(size, 24)));

    [Fact]
    public void Any_JSON_becomes_messages_that_stay_as_they_are() => Prop.ForAll(AnyJson.ToArbitrary(), IsSound).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void Any_JSON_that_is_damaged_becomes_messages() => Prop.ForAll(
        AnyJson.ToArbitrary(),
        ArbMap.Default.ArbFor<(int Position, byte Value, int Length)>(),
        (json, damage) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(json);
            bytes[(int)((uint)damage.Position % (uint)bytes.Length)] = damage.Value;
            return IsWellFormed(Normalized.Messages(bytes[..(int)((uint)damage.Length % ((uint)bytes.Length + 1))]).Json) && IsWellFormed(Normalized.Messages(bytes).Json);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void Any_bytes_become_messages_and_tools() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes => IsWellFormed(Normalized.Messages(bytes).Json)
            && JsonDocument.Parse(Normalized.Tools(Encoding.Latin1.GetString(bytes)).Json).RootElement.ValueKind == JsonValueKind.Array)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Any_JSON_becomes_tools() => Prop.ForAll(
        AnyJson.ToArbitrary(),
        json => JsonDocument.Parse(Normalized.Tools(json).Json).RootElement.EnumerateArray().All(t => t.GetProperty("name").ValueKind == JsonValueKind.String))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Any_flat_keys_become_messages() => Prop.ForAll(
        Gen.Zip(FlatKey(), Gen.Zip(Gen.Elements(Texts), AnyJson)).ArrayOf().ToArbitrary(),
        keys => IsWellFormed(Normalized.Flat("p.", "user", [.. keys.Select((k, i) => (k.Item1, (object)(i % 2 == 0 ? k.Item2.Item1 : k.Item2.Item2)))]).Json))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Theory]
    [InlineData("[")]
    [InlineData("""{"messages":""")]
    [InlineData("""{"role":"user","content":[""")]
    [InlineData("""[{"role":"user","parts":[""")]
    public void Nesting_10_000_deep_stays_text(string opening)
    {
        string closing = string.Concat(opening.Reverse().Where(c => c is '[' or '{').Select(c => c == '[' ? ']' : '}'));
        string whole = string.Concat(Enumerable.Repeat(opening, 10_000)) + "\"x\"" + string.Concat(Enumerable.Repeat(closing, 10_000));

        Normalized messages = Normalized.Messages(whole);

        Assert.Equal((false, MessageFlaws.Unreadable), (messages.Known, messages.Flaws));
        Assert.Equal(whole, OnlyText(messages.Json));
    }

    [Fact]
    public void Truncated_JSON_stays_text_wherever_it_is_cut()
    {
        const string Whole = """[{"role":"user","content":"Hi"}]""";
        for (int length = 1; length < Whole.Length; length++)
        {
            Normalized messages = Normalized.Messages(Whole[..length]);

            Assert.Equal((false, MessageFlaws.Unreadable), (messages.Known, messages.Flaws));
            Assert.Equal(Whole[..length], OnlyText(messages.Json));
        }
    }

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"type":"custom","x":1}""")]
    [InlineData("""{}""")]
    public void JSON_that_is_no_messages_stays_text(string json)
    {
        Normalized messages = Normalized.Messages(json);

        Assert.Equal((false, MessageFlaws.UnknownShape), (messages.Known, messages.Flaws));
        Assert.Equal(json.Trim('[', ']'), OnlyText(messages.Json));
    }

    [Fact]
    public void Of_duplicate_keys_the_last_holds() =>
        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"b"}]}]""",
            Normalized.Messages("""[{"role":"tool","content":"a","role":"user","content":"b"}]""").Json);

    [Fact]
    public void Halves_of_surrogate_pairs_and_bytes_that_are_not_UTF8_become_replacement_characters()
    {
        Assert.Equal("a\ufffdb😀\\ud800\ufffd", OnlyText(Normalized.Messages("""[{"role":"user","content":"a\ud83db\ud83d\ude00\\ud800\uDE00"}]""").Json));
        Assert.Equal("\ufffd\ufffd", OnlyText(Normalized.Messages("""{"content":"\ud83d\ud83d"}""").Json));
        Assert.Equal("a\ufffdb", OnlyText(Normalized.Messages([.. "[{\"content\":\"a"u8, 0xFF, .. "b\"}]"u8]).Json));
        Assert.Equal("a\ufffdb", OnlyText(Normalized.Messages([.. "a"u8, 0xFF, .. "b"u8]).Json));
    }

    [Fact]
    public void Numbers_where_texts_belong() =>
        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"1"},{"type":"text","content":"2.50"},{"type":"text","content":"true"},{"type":"tool_call","id":"7","name":"8","arguments":9}]}]""",
            Normalized.Messages("""[{"role":3,"name":4,"content":[1,{"type":"text","text":2.50},true,null],"tool_calls":[{"id":7,"function":{"name":8,"arguments":9}},"x"],"finish_reason":5}]""").Json);

    [Fact]
    public void Long_texts_come_through_whole()
    {
        string text = new('x', 1 << 20);

        Assert.Equal(text, OnlyText(Normalized.Messages($$"""[{"role":"user","content":"{{text}}"}]""").Json));
        Assert.Equal(text + "\"ä\\", OnlyText(Normalized.Messages(text + "\"ä\\").Json));
    }

    [Fact]
    public void Above_8_MiB_the_rest_is_dropped()
    {
        Normalized messages = Normalized.Messages("x" + new string('ä', 4 << 20));

        Assert.Equal(MessageFlaws.Cut, messages.Flaws);
        Assert.Equal("x" + new string('ä', (4 << 20) - 1), OnlyText(messages.Json));
        Assert.Equal(MessageFlaws.Cut | MessageFlaws.Unreadable, Normalized.Messages("[\"" + new string('x', 8 << 20) + "\"]").Flaws);
    }

    [Fact]
    public void Messages_and_parts_without_number_are_cut()
    {
        Normalized messages = Normalized.Messages("[" + string.Join(',', Enumerable.Repeat("""{"role":"user","content":"x"}""", 5000)) + "]");
        Assert.Equal(MessageFlaws.Cut, messages.Flaws);
        Assert.Equal(4096, JsonDocument.Parse(messages.Json).RootElement.GetArrayLength());

        Normalized parts = Normalized.Messages("{\"content\":[" + string.Join(',', Enumerable.Repeat("1", 70_000)) + "]}");
        Assert.Equal(MessageFlaws.Cut, parts.Flaws);
        Assert.Equal(65_536, JsonDocument.Parse(parts.Json).RootElement[0].GetProperty("parts").GetArrayLength());
    }

    [Fact]
    public void What_is_malformed_many_times_over_costs_little_time()
    {
        long started = TimeProvider.System.GetTimestamp();

        Assert.Equal(
            65_536,
            JsonDocument.Parse(Normalized.Messages("[" + string.Join(',', Enumerable.Repeat("""{"type":"tool_call","arguments":"["}""", 66_000)) + "]").Json)
                .RootElement[0].GetProperty("parts").GetArrayLength());
        Assert.True(Normalized.Tools("[" + string.Join(',', Enumerable.Repeat("\"[\"", 1_000_000)) + "]").Flaws.HasFlag(MessageFlaws.Cut));
        (string, object)[] same = [.. Enumerable.Repeat(("p.0.content", (object)"[{"), 500_000)];
        Assert.Equal("[{", OnlyText(Normalized.Flat("p.", "user", same).Json));

        // Each of these would cost an exception if they were not bounded.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    private static bool IsSound(string json)
    {
        Normalized once = Normalized.Messages(json);
        Normalized twice = Normalized.Messages(once.Json);
        return IsWellFormed(once.Json) && once.Json == twice.Json && twice.Known;
    }

    // Reading every text finds what is no Unicode.
    private static bool IsWellFormed(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var visitor = new CountingVisitor();
        foreach (JsonElement message in document.RootElement.EnumerateArray())
        {
            if (string.IsNullOrEmpty(message.GetProperty("role").GetString())
                || message.GetProperty("parts").EnumerateArray().Any(p => string.IsNullOrEmpty(p.GetProperty("type").GetString())))
            {
                return false;
            }
        }

        return MessageText.Visit(Encoding.UTF8.GetBytes(json), ref visitor)
            && visitor.Messages == document.RootElement.GetArrayLength()
            && visitor.Parts == document.RootElement.EnumerateArray().Sum(m => m.GetProperty("parts").GetArrayLength());
    }

    private static string? OnlyText(string json) => JsonDocument.Parse(json).RootElement[0].GetProperty("parts")[0].GetProperty("content").GetString();

    private static Gen<string> Json(int size)
    {
        Gen<string> scalar = Gen.OneOf(Gen.Elements(Texts).Select(t => $"\"{t}\""), Gen.Elements("1", "-2.5e300", "true", "null"));
        if (size <= 1)
        {
            return scalar;
        }

        Gen<string> inner = Json(size / 2);
        Gen<string> member = Gen.Zip(Gen.Elements(Names), inner).Select(m => $"\"{m.Item1}\":{m.Item2}");
        Gen<string> array = inner.ListOf(3).Select(items => $"[{string.Join(',', items)}]");
        Gen<string> members = member.ListOf(4).Select(items => $"{{{string.Join(',', items)}}}");
        return Gen.Frequency((1, scalar), (3, array), (5, members));
    }

    private static Gen<string> FlatKey() =>
        from index in Gen.Elements("0", "1", "10", "999999999", "x", "")
        from middle in Gen.Elements(".message.", ".", "..", ".prompt.")
        from field in Gen.Elements(
            "role", "content", "tool_calls.0.id", "tool_calls.1.tool_call.function.name", "tool_calls.1.tool_call.function.arguments", "contents.0.message_content.type",
            "contents.0.message_content.text", "contents.5.message_content.image.image.url", "function_call_name", "function_call_arguments_json", "tool_call_id", "name", "contents.", "")
        select $"p.{index}{middle}{field}";

    private struct CountingVisitor : IMessageVisitor
    {
        public int Messages { get; private set; }

        public int Parts { get; private set; }

        public void Message(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name) => Messages++;

        public void Text(ReadOnlySpan<byte> type, ReadOnlySpan<byte> text) => Parts++;

        public void ToolCall(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments) => Parts++;

        public void ToolResponse(ReadOnlySpan<byte> response) => Parts++;

        public void Other(ReadOnlySpan<byte> type, ReadOnlySpan<byte> modality) => Parts++;
    }
}
