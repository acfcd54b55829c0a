using System.Text;
using System.Text.Json;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Fields;

/// <summary>Takes one member of an object.</summary>
internal delegate void MemberFound<TState>(TState state, ReadOnlySpan<byte> name, AttributeValue value);

/// <summary>
/// Members of JSON texts in attributes, found without building a document. Tolerates what emitters do: numbers as texts, a text that is JSON inside
/// JSON, texts cut at a length limit (what stands before the cut is found).
/// </summary>
internal static class JsonFields
{
    private const int Deepest = 64;

    /// <summary>Longer texts are not searched: members that are asked for stand in small objects or near the front.</summary>
    private const int LongestSearched = 1 << 20;

    private const int LongestMember = 64;

    /// <summary>The member at a path of names; kind None when it is not there. Texts come without unescaping when they need none.</summary>
    public static AttributeValue Find(AttributeValue json, params ReadOnlySpan<string> path)
    {
        ReadOnlyMemory<byte> text = Text(json);
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

    /// <summary>The same for a text that may be a printed Python dictionary instead of JSON; of such a one only whole numbers are found.</summary>
    public static AttributeValue FindLoosely(AttributeValue json, string member)
    {
        ReadOnlyMemory<byte> text = json.TextMemory;
        if (text.Span is not [(byte)'{', (byte)'\'', ..] || member.Length > LongestMember || text.Length > LongestSearched)
        {
            return Find(json, member);
        }

        Span<byte> quoted = stackalloc byte[LongestMember + 3];
        quoted[0] = (byte)'\'';
        int length = 1 + Encoding.ASCII.GetBytes(member, quoted[1..]);
        "':"u8.CopyTo(quoted[length..]);
        int at = text.Span.IndexOf(quoted[..(length + 2)]);
        if (at < 0)
        {
            return default;
        }

        text = text[(at + length + 2)..];
        int start = text.Span.IndexOfAnyExcept((byte)' ');
        text = start < 0 ? default : text[start..];
        int digits = text.Span.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        text = digits < 0 ? text : text[..digits];
        return text.IsEmpty ? default : AttributeValue.OfText(text);
    }

    /// <summary>Calls back with every member of an object, in one pass.</summary>
    public static void EachMember<TState>(AttributeValue json, TState state, MemberFound<TState> found)
    {
        ReadOnlyMemory<byte> text = Text(json);
        if (text.Span is not [(byte)'{', ..])
        {
            return;
        }

        try
        {
            Utf8JsonReader reader = Open(text);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    ReadOnlySpan<byte> name = reader.ValueSpan;
                    if (!TryReadValue(ref reader, text, out AttributeValue value))
                    {
                        return;
                    }

                    found(state, name, value);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON from here on: what was found before has been told.
        }
    }

    /// <summary>Adds the texts of a member of each object in an array.</summary>
    public static void CollectFromArray(AttributeValue json, string member, List<ReadOnlyMemory<byte>> texts)
    {
        ReadOnlyMemory<byte> text = json.TextMemory;
        if (text.Length is 0 or > LongestSearched || text.Span[0] != (byte)'[')
        {
            return;
        }

        try
        {
            Utf8JsonReader reader = Open(text);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                bool isMember = reader.CurrentDepth == 2 && reader.ValueTextEquals(member);
                if (!TryReadValue(ref reader, text, out AttributeValue value))
                {
                    return;
                }

                if (isMember && reader.TokenType == JsonTokenType.String && value.Slice.Length > 0)
                {
                    texts.Add(value.Slice);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON from here on: what was found before has been added.
        }
    }

    /// <summary>Calls back with every number among the members of an object, by name; nested objects' members as outer.inner.</summary>
    public static void EachNumber<TState>(AttributeValue json, TextInterner names, TState state, Action<TState, string, AttributeValue> found)
    {
        ReadOnlyMemory<byte> text = Text(json);
        if (text.Length == 0)
        {
            return;
        }

        try
        {
            Walk(text, names, state, found);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON from here on: what was found before has been told.
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
            Utf8JsonReader reader = Open(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            {
                return json;
            }

            return reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : json.Slice(1, reader.ValueSpan.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return json;
        }
    }

    private static ReadOnlyMemory<byte> Text(AttributeValue json)
    {
        ReadOnlyMemory<byte> text = json.TextMemory;
        if (text.Length is 0 or > LongestSearched)
        {
            return default;
        }

        return text.Span[0] == (byte)'"' ? Unquote(text) : text;
    }

    // As if more were to come: where a text is cut, reading ends without a fault.
    private static Utf8JsonReader Open(ReadOnlyMemory<byte> text) =>
        new(text.Span, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = Deepest }));

    private static AttributeValue Search(ReadOnlyMemory<byte> text, ReadOnlySpan<string> path)
    {
        Utf8JsonReader reader = Open(text);
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

            if (matched >= path.Length || reader.CurrentDepth != matched + 1 || !reader.ValueTextEquals(path[matched]))
            {
                if (!TryReadValue(ref reader, text, out _))
                {
                    return default;
                }
            }
            else if (++matched == path.Length)
            {
                return TryReadValue(ref reader, text, out AttributeValue value) ? value : default;
            }
            else if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }
        }

        return default;
    }

    private static void Walk<TState>(ReadOnlyMemory<byte> text, TextInterner names, TState state, Action<TState, string, AttributeValue> found)
    {
        Utf8JsonReader reader = Open(text);
        ReadOnlySpan<byte> outer = default;
        ReadOnlySpan<byte> last = default;
        string name = "";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    last = reader.ValueSpan;
                    name = reader.CurrentDepth <= 2 ? Name(names, outer, last) : "";
                    break;
                case JsonTokenType.StartObject when reader.CurrentDepth == 1:
                    outer = last;
                    break;
                case JsonTokenType.EndObject when reader.CurrentDepth == 1:
                    outer = default;
                    break;
                case JsonTokenType.Number or JsonTokenType.String when reader.CurrentDepth <= 2 && name.Length > 0:
                    found(state, name, Scalar(ref reader, text));
                    break;
                case JsonTokenType.StartArray when !reader.TrySkip():
                    return;
                default:
                    break;
            }
        }
    }

    private static string Name(TextInterner names, ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner)
    {
        if (outer.IsEmpty || outer.Length + inner.Length >= LongestMember * 2)
        {
            return names.Get(inner);
        }

        Span<byte> path = stackalloc byte[LongestMember * 2];
        outer.CopyTo(path);
        path[outer.Length] = (byte)'.';
        inner.CopyTo(path[(outer.Length + 1)..]);
        return names.Get(path[..(outer.Length + 1 + inner.Length)]);
    }

    // From a name on to its value; false when the text is cut within a plain value. A list or object that is cut is given as far as it goes.
    private static bool TryReadValue(ref Utf8JsonReader reader, ReadOnlyMemory<byte> text, out AttributeValue value)
    {
        value = default;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            value = Scalar(ref reader, text);
            return true;
        }

        int start = (int)reader.TokenStartIndex;
        bool isWhole = reader.TrySkip();
        value = AttributeValue.OfText(isWhole ? text[start..(int)reader.BytesConsumed] : text[start..]);
        if (!isWhole)
        {
            while (reader.Read())
            {
                // To the end, so that the caller's next reading ends too.
            }
        }

        return true;
    }

    private static AttributeValue Scalar(ref Utf8JsonReader reader, ReadOnlyMemory<byte> text) => reader.TokenType switch
    {
        JsonTokenType.String when !reader.ValueIsEscaped => AttributeValue.OfText(text.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length)),
        JsonTokenType.String => AttributeValue.OfText(Encoding.UTF8.GetBytes(reader.GetString()!)),
        JsonTokenType.Number => AttributeValue.OfText(text.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length)),
        JsonTokenType.True or JsonTokenType.False => AttributeValue.OfBool(reader.TokenType == JsonTokenType.True),
        _ => default,
    };
}
