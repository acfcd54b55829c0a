namespace Telemetry.Processor.Screen.Text;

/// <summary>Gathers texts up to a bound: of longer ones the beginning and the end are kept, and a line break between them. Its buffer is used again.</summary>
internal sealed class BoundedText(int bound)
{
    private byte[] _buffer = [];
    private int _length;

    /// <summary>What was gathered; valid until more is.</summary>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            if (_length > bound)
            {
                Cut();
            }

            return _buffer.AsSpan(0, _length);
        }
    }

    /// <summary>Whether something was left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Adds a text; texts are parted by line breaks.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (text.Length > bound)
        {
            IsCut = true;
            Append(text[..(bound / 2)]);
            text = text[^(bound / 2)..];
        }

        Append(text);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _length = 0;
        IsCut = false;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        if (_length > bound)
        {
            Cut();
        }

        int need = _length + text.Length + 1;
        if (_buffer.Length < need)
        {
            Array.Resize(ref _buffer, Math.Max(need, Math.Min(_buffer.Length * 2, 2 * bound)));
        }

        if (_length > 0)
        {
            _buffer[_length++] = (byte)'\n';
        }

        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    private void Cut()
    {
        IsCut = true;
        int half = bound / 2;
        _buffer[half] = (byte)'\n';
        _buffer.AsSpan(_length - half + 1, half - 1).CopyTo(_buffer.AsSpan(half + 1));
        _length = 2 * half;
    }
}
