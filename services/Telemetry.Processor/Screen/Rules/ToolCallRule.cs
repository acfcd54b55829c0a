using System.Text.Json;
using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Screen.Rules;

/// <summary>
/// Tool calls that cannot be carried out: arguments that are no JSON object; and, where the tools that were offered are on the span, a tool that is not among
/// them, or a required argument that is not there.
/// </summary>
internal sealed class ToolCallRule : IScreenRule
{
    private const int LongestName = 256;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <inheritdoc />
    public bool NeedsContent => true;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        if (call.ToolCalls == 0)
        {
            return;
        }

        var visitor = new CallVisitor(call);
        MessageText.Visit(call.OutputMessages, ref visitor);
    }

    private static void Check(ScreenedCall call, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments)
    {
        bool isEmpty = arguments.Trim(" \t\r\n"u8).IsEmpty;
        if (!isEmpty && !IsObject(arguments))
        {
            call.Hit(ScreenFlags.InvalidToolArguments, call.Call.Flags.Contains(ScreenFlags.Truncated) ? "truncated" : "syntax");
            return;
        }

        if (call.Tools.Length <= "[]"u8.Length || name.IsEmpty)
        {
            return;
        }

        if (!TryFindParameters(call.Tools, name, out ReadOnlySpan<byte> parameters))
        {
            call.Hit(ScreenFlags.UnknownTool);
        }
        else if (!HasRequired(parameters, isEmpty ? "{}"u8 : arguments))
        {
            call.Hit(ScreenFlags.MissingToolArguments, "required");
        }
    }

    private static bool IsObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // The parameters of a tool, as JSON; empty when it has none. The tools are ours to trust: the normaliser wrote them.
    private static bool TryFindParameters(ReadOnlySpan<byte> tools, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> parameters)
    {
        var reader = new Utf8JsonReader(tools, Options);
        parameters = default;
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                bool isNamed = false;
                parameters = default;
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    bool isName = reader.ValueTextEquals("name"u8);
                    bool isParameters = reader.ValueTextEquals("parameters"u8);
                    reader.Read();
                    int start = (int)reader.TokenStartIndex;
                    isNamed |= isName && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(name);
                    reader.Skip();
                    parameters = isParameters ? tools[start..(int)reader.BytesConsumed] : parameters;
                }

                if (isNamed)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Nested too deep to be looked at: nothing is said of it.
            return true;
        }

        return false;
    }

    private static bool HasRequired(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> arguments)
    {
        var reader = new Utf8JsonReader(parameters, Options);
        try
        {
            if (parameters.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return true;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isRequired = reader.ValueTextEquals("required"u8);
                reader.Read();
                if (isRequired && reader.TokenType == JsonTokenType.StartArray)
                {
                    return HasAll(ref reader, arguments);
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // As above.
        }

        return true;
    }

    private static bool HasAll(ref Utf8JsonReader names, ReadOnlySpan<byte> arguments)
    {
        Span<byte> name = stackalloc byte[LongestName];
        while (names.Read() && names.TokenType == JsonTokenType.String)
        {
            if (names.ValueSpan.Length <= LongestName && !HasMember(arguments, name[..names.CopyString(name)]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasMember(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                return true;
            }

            reader.Read();
            reader.Skip();
        }

        return false;
    }

    private readonly struct CallVisitor(ScreenedCall call) : IMessageVisitor
    {
        public void Message(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name)
        {
            // Only calls count.
        }

        public void Text(ReadOnlySpan<byte> type, ReadOnlySpan<byte> text)
        {
            // Only calls count.
        }

        public void ToolCall(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments) => Check(call, name, arguments);

        public void ToolResponse(ReadOnlySpan<byte> response)
        {
            // Only calls count.
        }

        public void Other(ReadOnlySpan<byte> type, ReadOnlySpan<byte> modality)
        {
            // Only calls count.
        }
    }
}
