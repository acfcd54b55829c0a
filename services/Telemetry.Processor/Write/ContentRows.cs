using System.Buffers;
using System.Text.Json;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Write;

/// <summary>Rows for <c>llm_content</c>: each message column is JSON, whatever shape the span had it in.</summary>
internal sealed class ContentRows
{
    private readonly SpanDimensions _dimensions;
    private readonly StringColumn _instructions = new("system_instructions");
    private readonly StringColumn _input = new("input_messages");
    private readonly StringColumn _output = new("output_messages");
    private readonly StringColumn _tools = new("tool_definitions");
    private readonly ArrayBufferWriter<byte> _json = new();

    public ContentRows(ResourceKeys keys, int partition)
    {
        _dimensions = new SpanDimensions(keys, partition);
        Block = new NativeBlock([.. _dimensions.Columns, _instructions, _input, _output, _tools]);
    }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Appends one call's content; notes on the call when a text is not the JSON that it should be.</summary>
    public void Append(SpanItem item)
    {
        CallContent content = item.Call.Content;
        _dimensions.Append(item);
        Append(_instructions, content.SystemInstructions);
        Append(_input, content.InputMessages);
        Append(_output, content.OutputMessages);
        Append(_tools, content.ToolDefinitions);
    }

    /// <summary>Whether a text is JSON as it stands.</summary>
    public static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 128 });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Append(StringColumn column, AttributeValue value)
    {
        if (value.Kind == ValueKind.None || (value.Kind == ValueKind.Text && IsJson(value.Text)))
        {
            column.Append(value.Text);
            return;
        }

        _json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_json))
        {
            AnyValueJson.Write(writer, value, depth: 0);
        }

        column.Append(_json.WrittenSpan);
    }
}
