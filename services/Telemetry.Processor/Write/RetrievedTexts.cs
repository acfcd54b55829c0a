using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Write;

/// <summary>
/// What retrievals and tools gave back, as a JSON array of texts: <c>gen_ai.retrieval.documents</c> and <c>gen_ai.tool.call.result</c> (OpenTelemetry GenAI conventions 1.41),
/// <c>retrieval.documents.N.document.content</c>, else <c>output.value</c> (OpenInference), <c>traceloop.entity.output</c> (OpenLLMetry), <c>ai.toolCall.result</c> (Vercel AI SDK).
/// Bounded. Reused by one lane.
/// </summary>
internal sealed class RetrievedTexts(AttributeKeys keys)
{
    private const int MostBytes = 64 * 1024;
    private const int MostTexts = 100;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly AttributeKey[] _whole =
        [keys.Add("gen_ai.retrieval.documents"), keys.Add("gen_ai.tool.call.result"), keys.Add("ai.toolCall.result"), keys.Add("traceloop.entity.output"), keys.Add("output.value")];

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _texts;
    private int _left;

    /// <summary>Whether the span is one that gives something back.</summary>
    public static bool MayHave(SpanItem item) => item.Call.Operation is Operations.Retrieval or Operations.ExecuteTool or Operations.Rerank;

    /// <summary>The array; empty when the span says nothing.</summary>
    public ReadOnlySpan<byte> Read(SpanItem item)
    {
        _bytes.ResetWrittenCount();
        (_texts, _left) = (0, MostBytes);
        using (var json = new Utf8JsonWriter(_bytes, s_options))
        {
            json.WriteStartArray();
            foreach ((ReadOnlyMemory<byte> key, AttributeValue value) in item.Span.Attributes.Others)
            {
                if (key.Span.StartsWith("retrieval.documents."u8) && key.Span.EndsWith(".document.content"u8))
                {
                    Append(json, value);
                }
            }

            for (int i = 0; i < _whole.Length && _texts == 0; i++)
            {
                Append(json, item.Span.Attributes[_whole[i]]);
            }

            json.WriteEndArray();
        }

        return _texts == 0 ? default : _bytes.WrittenSpan;
    }

    private void Append(Utf8JsonWriter json, AttributeValue value)
    {
        ReadOnlySpan<byte> text = value.Text;
        if (text.IsEmpty || _texts == MostTexts || _left == 0)
        {
            return;
        }

        int length = Math.Min(text.Length, _left);
        while (length > 0 && length < text.Length && (text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        if (!Utf8.IsValid(text[..length]))
        {
            return;
        }

        json.WriteStringValue(text[..length]);
        _texts++;
        _left -= length;
    }
}
