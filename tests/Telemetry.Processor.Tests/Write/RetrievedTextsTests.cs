using System.Text;
using System.Text.Json;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Write;

namespace Telemetry.Processor.Tests.Write;

/// <summary>What retrievals and tools gave back, whichever dialect says it.</summary>
public sealed class RetrievedTextsTests
{
    [Fact]
    public void Documents_of_a_retrieval_and_results_of_tools_are_read()
    {
        Assert.Equal(["Paris is in France."], Read(("gen_ai.tool.call.result", "Paris is in France.")));
        Assert.Equal(["[{\"id\":\"1\"}]"], Read(("gen_ai.retrieval.documents", "[{\"id\":\"1\"}]")));
        Assert.Equal(["one", "two"], Read(("retrieval.documents.0.document.content", "one"), ("retrieval.documents.0.document.id", "x"), ("retrieval.documents.1.document.content", "two"), ("output.value", "both")));
        Assert.Equal(["both"], Read(("output.value", "both")));
        Assert.Empty(Read(("other", "x")));
    }

    [Fact]
    public void Long_texts_are_cut_at_a_character_and_broken_ones_left_out()
    {
        string text = Assert.Single(Read(("gen_ai.tool.call.result", string.Concat(Enumerable.Repeat("é", 100_000)))));
        Assert.Equal(32 * 1024, text.Length);
        Assert.DoesNotContain('\ufffd', text);
    }

    private static string[] Read(params (string Key, string Value)[] attributes)
    {
        var keys = new AttributeKeys();
        var retrieved = new RetrievedTexts(keys);
        var span = new SpanItem(keys, new AttributeSlots(keys));
        foreach ((string key, string value) in attributes)
        {
            span.Span.Attributes.TryAdd(KeyValue(key, value));
        }

        span.Call.Operation = Operations.Retrieval;
        Assert.True(RetrievedTexts.MayHave(span));
        ReadOnlySpan<byte> json = retrieved.Read(span);
        return json.IsEmpty ? [] : JsonSerializer.Deserialize<string[]>(json)!;
    }

    // KeyValue { key = 1, value = 2: AnyValue { string_value = 1 } }.
    private static byte[] KeyValue(string key, string value)
    {
        byte[] any = [0x0A, .. Length(Encoding.UTF8.GetByteCount(value)), .. Encoding.UTF8.GetBytes(value)];
        return [0x0A, .. Length(Encoding.UTF8.GetByteCount(key)), .. Encoding.UTF8.GetBytes(key), 0x12, .. Length(any.Length), .. any];
    }

    private static byte[] Length(int length)
    {
        var bytes = new List<byte>();
        for (; length >= 0x80; length >>= 7)
        {
            bytes.Add((byte)(length | 0x80));
        }

        bytes.Add((byte)length);
        return [.. bytes];
    }
}
