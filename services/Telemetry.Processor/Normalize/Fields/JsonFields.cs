using System.Text.Json;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Fields;

/// <summary>
/// Members of JSON texts in attributes, found without building a document. Tolerates what emitters do: numbers as texts, a text that is JSON inside
/// JSON, texts cut at a length limit (what stands before the cut is found).
/// </summary>
internal static class JsonFields
{
    private const int Deepest = 64;

    /// <summary>Longer texts are not searched: members that are asked for stand in small objects or near the front.</summary>
    private const int LongestSearched = 1 << 20;

    /// <summary>The member at a path of names; kind None when it is not there. Texts come without unescaping when they need none.</summary>
    public static AttributeValue Find(AttributeValue json, params ReadOnlySpan<string> path)
    {
        ReadOnlyMemory<byte> text = json.TextMemory;
        if (text.Length is 0 or > LongestSearched)
        {
            return default;
        }

        if (text.Span[0] == (byte)'"')
        {
            text = Unquote(text);
        }

        if (text.Length == 0 || text.Span[0] is not ((byte)'{' or (byte)'['))
        {
            return path.Length == 0 && text.Length > 0 ? AttributeValue.OfText(text) : default;
        }

        try
        {
            return Search(text, path);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>Calls back with every number among the members of an object, by name; nested objects' members as outer.inner.</summary>
    public static void EachNumber<TState>(AttributeValue json, TState state, Action<TState, string, AttributeValue> found)
    {
        ReadOnlyMemory<byte> text = json.TextMemory;
        if (text.Length is 0 or > LongestSearched)
        {
            return;
        }

        try
        {
            text = text.Span[0] == (byte)'"' ? Unquote(text) : text;
            Walk(text, state, found);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A cut text: what was found before the cut has been told.
        }
    }

    /// <summary>The text within a JSON string; other texts as they are.</summary>
    public static ReadOnlyMemory<byte> Unquote(ReadOnlyMemory<byte> json)
    {
        if (json.Length < 2 || json.Span[0] != (byte)'"')
        {
            return json;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            {
                return json;
            }

            return reader.ValueIsEscaped ? System.Text.Encoding.UTF8.GetBytes(reader.GetString()!) : json.Slice(1, reader.ValueSpan.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return json;
        }
    }

    private static AttributeValue Search(ReadOnlyMemory<byte> text, ReadOnlySpan<string> path)
    {
        var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = Deepest });
        int matched = 0;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                // Out of the object that the path has led into: the member is not there.
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth <= matched)
                {
                    return default;
                }

                continue;
            }

            if (matched < path.Length && reader.CurrentDepth == matched + 1 && reader.ValueTextEquals(path[matched]))
            {
                reader.Read();
                if (++matched == path.Length)
                {
                    return Value(ref reader, text);
                }

                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    return default;
                }
            }
            else
            {
                reader.Read();
                reader.TrySkip();
            }
        }

        return default;
    }

    private static void Walk<TState>(ReadOnlyMemory<byte> text, TState state, Action<TState, string, AttributeValue> found)
    {
        var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = Deepest });
        string outer = "";
        string name = "";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.CurrentDepth <= 1 || outer.Length == 0 ? reader.GetString()! : $"{outer}.{reader.GetString()}";
                    break;
                case JsonTokenType.StartObject when reader.CurrentDepth == 1:
                    outer = name;
                    break;
                case JsonTokenType.EndObject when reader.CurrentDepth == 1:
                    outer = "";
                    break;
                case JsonTokenType.Number or JsonTokenType.String when reader.CurrentDepth <= 2:
                    found(state, name, Value(ref reader, text));
                    break;
                case JsonTokenType.StartArray:
                    reader.TrySkip();
                    break;
                default:
                    break;
            }
        }
    }

    private static AttributeValue Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> text)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when !reader.ValueIsEscaped:
                return AttributeValue.OfText(text.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length));
            case JsonTokenType.String:
                return AttributeValue.OfText(System.Text.Encoding.UTF8.GetBytes(reader.GetString()!));
            case JsonTokenType.Number:
                return AttributeValue.OfText(text.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length));
            case JsonTokenType.True or JsonTokenType.False:
                return AttributeValue.OfBool(reader.TokenType == JsonTokenType.True);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                int start = (int)reader.TokenStartIndex;
                reader.TrySkip();
                return AttributeValue.OfText(text[start..(int)reader.BytesConsumed]);
            default:
                return default;
        }
    }
}
