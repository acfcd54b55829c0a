using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>The UTF-8 text of a JSON string: a slice of the document, or unescaped in a rented buffer.</summary>
internal ref struct UnescapedText
{
    private byte[]? _rented;

    /// <summary>Unescapes a JSON string.</summary>
    public UnescapedText(JsonElement text)
        : this(JsonMarshal.GetRawUtf8Value(text))
    {
    }

    /// <summary>Unescapes a JSON string with its quotes. Throws when it is not valid.</summary>
    public UnescapedText(ReadOnlySpan<byte> quoted)
    {
        ReadOnlySpan<byte> raw = quoted[1..^1];
        if (!raw.Contains((byte)'\\'))
        {
            Span = raw;
            return;
        }

        _rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        Span = _rented.AsSpan(0, reader.CopyString(_rented));
    }

    /// <summary>The text; until disposal.</summary>
    public ReadOnlySpan<byte> Span { get; private set; }

    /// <summary>A JSON string unescaped; any other JSON as it stands. Throws when the string is not valid.</summary>
    public static UnescapedText OfJson(ReadOnlySpan<byte> json) => json[0] == (byte)'"' ? new UnescapedText(json) : new UnescapedText { Span = json };

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = null;
        Span = default;
    }
}
