using System.Text.Json;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Write;

/// <summary>Rows for <c>llm_content</c>: each message column is JSON in the one shape, whatever shape the span had it in.</summary>
internal sealed class ContentRows
{
    private const int DeepestJson = 128;

    private readonly SpanDimensions _dimensions;
    private readonly LowCardinalityStringColumn _source = new("source");
    private readonly StringColumn _instructions = new("system_instructions");
    private readonly StringColumn _input = new("input_messages");
    private readonly StringColumn _output = new("output_messages");
    private readonly StringColumn _tools = new("tool_definitions");
    private readonly CallMessages _messages;
    private readonly string _sourceName;

    public ContentRows(ResourceKeys keys, CallMessages messages, int partition, string source)
    {
        _dimensions = new SpanDimensions(keys, partition);
        _messages = messages;
        _sourceName = source;
        Block = new NativeBlock([.. _dimensions.Columns, _source, _instructions, _input, _output, _tools]);
    }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Number of rows.</summary>
    public int Count => _tools.Count;

    /// <summary>Appends one call's content, if there is any; notes on the call when a text is not the JSON that it should be.</summary>
    public void Append(SpanItem item)
    {
        _messages.Read(item);
        if (_messages.IsEmpty)
        {
            return;
        }

        _dimensions.Append(item);
        _source.AppendText(_sourceName);
        _instructions.Append(_messages.Instructions);
        _input.Append(_messages.Input);
        _output.Append(_messages.Output);
        _tools.Append(_messages.Tools);
    }

    /// <summary>Whether a text is JSON as it stands.</summary>
    public static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DeepestJson });
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
}
