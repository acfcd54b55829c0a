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

    /// <summary>The same for a text that may be a printed Python dictionary instead of JSON; of such a one only whole numbers are found.</summary>
    public static AttributeValue FindLoosely(AttributeValue json, string member)
    {
        AttributeValue value = Find(json, member);
        if (value.Kind != ValueKind.None || member.Length > LongestMember || json.TextMemory.Length > LongestSearched)
        {
            return value;
        }

        Span<byte> quoted = stackalloc byte[LongestMember + 3];
        quoted[0] = (byte)'\'';
        int length = 1 + System.Text.Encoding.ASCII.GetBytes(member, quoted[1..]);
        "':"u8.CopyTo(quoted[length..]);
        ReadOnlyMemory<byte> text = json.TextMemory;
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

    /// <summary>Calls back with every member of an object, in one pass; what stands before a cut is told.</summary>
    public static void EachMember<TState>(AttributeValue json, TState state, MemberFound<TState> found)
    {
        ReadOnlyMemory<byte> text = json.TextMemory;
        if (text.Length is 0 or > LongestSearched)
        {
            return;
        }

        text = text.Span[0] == (byte)'"' ? Unquote(text) : text;
        if (text.Span is not [(byte)'{', ..])
        {
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = Deepest });
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    ReadOnlySpan<byte> name = reader.ValueSpan;
                    reader.Read();
                    found(state, name, Value(ref reader, text));
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A cut text: what was found before the cut has been told.
        }
    }

    /// <summary>Adds the texts of a member of each object in an array; what stands before a cut is found.</summary>
    public static void CollectFromArray(AttributeValue json, string member, List<ReadOnlyMemory<byte>> texts)
    {
        ReadOnlyMemory<byte> text = json.TextMemory;
        if (text.Length is 0 or > LongestSearched || text.Span[0] != (byte)'[')
        {
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = Deepest });
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                bool isMember = reader.CurrentDepth == 2 && reader.ValueTextEquals(member);
                reader.Read();
                if (isMember && reader.TokenType == JsonTokenType.String && Value(ref reader, text) is { Slice.Length: > 0 } value)
                {
                    texts.Add(value.Slice);
                }
                else
                {
                    reader.TrySkip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A cut text: what was found before the cut has been added.
        }
    }

    /// <summary>Calls back with every number among the members of an object, by name; nested objects' members as outer.inner.</summary>
    public static void EachNumber<TState>(AttributeValue json, TextInterner names, TState state, Action<TState, string, AttributeValue> found)
    {
        ReadOnlyMemory<byte> text = json.TextMemory;
        if (text.Length is 0 or > LongestSearched)
        {
            return;
        }

        try
        {
            text = text.Span[0] == (byte)'"' ? Unquote(text) : text;
            Walk(text, names, state, found);
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

    private static void Walk<TState>(ReadOnlyMemory<byte> text, TextInterner names, TState state, Action<TState, string, AttributeValue> found)
    {
        var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = Deepest });
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
