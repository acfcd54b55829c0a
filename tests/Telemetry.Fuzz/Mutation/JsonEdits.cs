namespace Telemetry.Fuzz.Mutation;

/// <summary>Changes of JSON by its tokens. What is no JSON has tokens too.</summary>
internal sealed class JsonEdits(IReadOnlyList<byte[]> words)
{
    private static readonly byte[][] Values =
    [
        .. ((string[])
        [
            "null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e5", "1e400", "-1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
            "18446744073709551616", "4294967296", "\"\"", "\"0\"", "\"NaN\"", "\"Infinity\"", "\"9223372036854775807\"", "\"-1\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"",
            "\"\\u0000\"", "\"\\\"\"", "\"\\\\\"", "{}", "[]", "[[]]", "{\"\":null}", "[null]", "\"AAAA\"", "\"A\"", "\"====\"", "\"_-8=\"", "\"data:image/png;base64,QUJD\"", "\"data:,\"",
            "\"{\\\"a\\\":1}\"", "\"[{\\\"role\\\":\\\"user\\\"}]\"", "\"[\"", "01", "+1", "1.", ".5", "nul", "\"", "'x'", "NaN", "/**/", "\u00e4", "\ufeff",
        ]).Select(System.Text.Encoding.UTF8.GetBytes),
        [(byte)'"', 0xFF, (byte)'"'],
        [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'],
        [(byte)'"', 0xC0, 0x80, (byte)'"'],
    ];

    private static readonly byte[][] Escapes = [.. ((string[])["\\ud800", "\\udfff", "\\u0000", "\\n", "\\\"", "\\", "\\u12", "\\uZZZZ", "\\ud83d\\ude00", "\\/", "\\x"]).Select(System.Text.Encoding.UTF8.GetBytes)];

    private readonly List<(int Start, int End)> _tokens = [];
    private readonly byte[] _made = new byte[Draft.Longest];

    /// <summary>Makes one change behind the control bytes; false when there is no token.</summary>
    public bool TryApply(Draft draft, int from, FuzzRandom random)
    {
        Scan(draft.Bytes, from);
        if (_tokens.Count == 0)
        {
            return false;
        }

        int index = random.Next(_tokens.Count);
        (int start, int end) = _tokens[index];
        (int otherStart, int otherEnd) = random.Pick(_tokens);
        switch (random.Next(12))
        {
            case 0:
                draft.Replace(start, end - start, []);
                break;
            case 1:
                draft.Replace(start, 0, draft.Copy(start, end - start));
                break;
            case 2:
                draft.Replace(start, end - start, draft.Copy(otherStart, otherEnd - otherStart));
                break;
            case 3:
                draft.Replace(start, end - start, random.Pick(Values));
                break;
            case 4 when words.Count > 0:
                Quote(draft, start, end, random.Pick(words));
                break;
            case 5 when end - start > 1:
                draft.Replace(start + 1 + random.Next(end - start - 1), 0, random.Pick(Escapes));
                break;
            case 6:
                SwapValues(draft, index, random);
                break;
            case 7:
                Wrap(draft, index, random);
                break;
            case 8:
                RepeatValue(draft, index, random);
                break;
            case 9:
                DeleteValue(draft, index);
                break;
            case 10 when draft.Bytes[start] == (byte)'"' && end - start > 2:
                draft.Bytes[start + 1 + random.Next(end - start - 2)] = (byte)random.Next(256);
                break;
            default:
                ReplaceValue(draft, index, random);
                break;
        }

        return true;
    }

    private void Scan(ReadOnlySpan<byte> bytes, int from)
    {
        const int Most = 8192;
        _tokens.Clear();
        int position = from;
        while (position < bytes.Length && _tokens.Count < Most)
        {
            int start = position;
            byte b = bytes[position++];
            if (b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                continue;
            }

            if (b == (byte)'"')
            {
                position = EndOfText(bytes, position);
            }
            else if (IsWord(b))
            {
                while (position < bytes.Length && IsWord(bytes[position]))
                {
                    position++;
                }
            }

            _tokens.Add((start, position));
        }
    }

    private static int EndOfText(ReadOnlySpan<byte> bytes, int position)
    {
        while (position < bytes.Length)
        {
            byte b = bytes[position++];
            if (b == (byte)'"')
            {
                return position;
            }

            position += b == (byte)'\\' ? 1 : 0;
        }

        return Math.Min(position, bytes.Length);
    }

    private static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'-' or (byte)'+' or (byte)'_' or >= 0x80;

    // The value that begins with a token: to the matching bracket, or the token.
    private int EndOfValue(ReadOnlySpan<byte> bytes, int index)
    {
        int depth = 0;
        for (int i = index; i < _tokens.Count; i++)
        {
            byte b = bytes[_tokens[i].Start];
            depth += b is (byte)'{' or (byte)'[' ? 1 : b is (byte)'}' or (byte)']' ? -1 : 0;
            if (depth <= 0)
            {
                return _tokens[i].End;
            }
        }

        return bytes.Length;
    }

    private static void Quote(Draft draft, int start, int end, byte[] word)
    {
        draft.Replace(start, end - start, "\"\""u8);
        draft.Replace(start + 1, 0, word);
    }

    private void SwapValues(Draft draft, int index, FuzzRandom random)
    {
        int other = random.Next(_tokens.Count);
        int first = Math.Min(index, other);
        int second = Math.Max(index, other);
        int start = _tokens[first].Start;
        int end = EndOfValue(draft.Bytes, first);
        int secondStart = _tokens[second].Start;
        int secondEnd = EndOfValue(draft.Bytes, second);
        if (secondStart < end)
        {
            return;
        }

        int length = 0;
        Append(draft.Bytes[secondStart..secondEnd], ref length);
        Append(draft.Bytes[end..secondStart], ref length);
        Append(draft.Bytes[start..end], ref length);
        draft.Replace(start, secondEnd - start, _made.AsSpan(0, length));
    }

    private void Wrap(Draft draft, int index, FuzzRandom random)
    {
        int start = _tokens[index].Start;
        int end = EndOfValue(draft.Bytes, index);
        bool isArray = random.OneIn(2);
        int levels = random.OneIn(8) ? random.Next(300) : 1;
        byte[] word = words.Count > 0 ? random.Pick(words) : [];
        for (int i = 0; i < levels && draft.Length + word.Length + 8 < Draft.Longest; i++)
        {
            draft.Replace(end, 0, isArray ? "]"u8 : "}"u8);
            if (!isArray)
            {
                draft.Replace(start, 0, "\":"u8);
                draft.Replace(start, 0, word);
            }

            draft.Replace(start, 0, isArray ? "["u8 : "{\""u8);
            end += isArray ? 2 : word.Length + 5;
        }
    }

    private void RepeatValue(Draft draft, int index, FuzzRandom random)
    {
        int start = _tokens[index].Start;
        int end = EndOfValue(draft.Bytes, index);
        int length = 0;
        for (int times = 1 << random.Next(random.OneIn(16) ? 12 : 3); times > 0 && length + end - start + 1 < _made.Length; times--)
        {
            Append(draft.Bytes[start..end], ref length);
            Append(","u8, ref length);
        }

        draft.Replace(start, 0, _made.AsSpan(0, length));
    }

    private void DeleteValue(Draft draft, int index)
    {
        int start = _tokens[index].Start;
        draft.Replace(start, EndOfValue(draft.Bytes, index) - start, []);
    }

    private void ReplaceValue(Draft draft, int index, FuzzRandom random)
    {
        int start = _tokens[index].Start;
        int other = random.Next(_tokens.Count);
        int otherEnd = EndOfValue(draft.Bytes, other);
        ReadOnlySpan<byte> value = random.OneIn(2) ? random.Pick(Values) : draft.Copy(_tokens[other].Start, otherEnd - _tokens[other].Start);
        draft.Replace(start, EndOfValue(draft.Bytes, index) - start, value);
    }

    private void Append(ReadOnlySpan<byte> bytes, ref int length)
    {
        bytes.CopyTo(_made.AsSpan(length));
        length += bytes.Length;
    }
}
