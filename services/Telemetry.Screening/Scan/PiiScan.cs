using System.Buffers;
using Telemetry.Screening.Addresses;
using Telemetry.Screening.Numbers;
using Telemetry.Screening.Secrets;
using Telemetry.Screening.Words;

namespace Telemetry.Screening.Scan;

/// <summary>
/// One pass over a text. It hops from anchor to anchor (digits, at-signs, colons, equals signs), and only what stands around an anchor is shown to rules, each of
/// which looks at a bounded number of bytes: the work is linear in the length of the text, whatever the text is.
/// </summary>
internal ref struct PiiScan
{
    private const int LongestWord = 256;

    private static readonly SearchValues<byte> Anchors = SearchValues.Create("0123456789@:="u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly List<PiiMatch>? _matches;
    private readonly PiiKinds _wanted;
    private int _at;
    private int _floor;
    private int _digitsUntil;
    private int _matched;
    private int _nextKeyBlock;
    private int _nextAwsKey;
    private long _work;

    /// <summary>Prepares a pass.</summary>
    /// <param name="text">The text; UTF-8, but any bytes will do.</param>
    /// <param name="wanted">Kinds to look for.</param>
    /// <param name="matches">Where matches go, in their order; null when it is enough to know which kinds there are: the pass ends when all are found.</param>
    public PiiScan(ReadOnlySpan<byte> text, PiiKinds wanted, List<PiiMatch>? matches)
    {
        _text = text;
        _wanted = wanted;
        _matches = matches;
        bool secrets = (wanted & PiiKinds.Secret) != 0;
        _nextKeyBlock = secrets ? text.IndexOf(PrivateKeyRule.Prefix) : -1;
        _nextAwsKey = secrets ? text.IndexOf(AwsKeyRule.Prefix) : -1;
    }

    /// <summary>Kinds found.</summary>
    public PiiKinds Kinds { get; private set; }

    /// <summary>Bytes looked at by rules, and rules asked: what the cost of the pass is proportional to.</summary>
    public readonly long Work => _work + _text.Length;

    /// <summary>Runs the pass.</summary>
    public void Run()
    {
        int anchor = -1;
        while (_at < _text.Length && !(_matches is null && Kinds == _wanted))
        {
            if (anchor < _at)
            {
                int step = _text[_at..].IndexOfAny(Anchors);
                anchor = step < 0 ? _text.Length : _at + step;
            }

            if (TryLiterals(anchor))
            {
                continue;
            }

            if (anchor == _text.Length)
            {
                return;
            }

            _work++;
            _at = anchor + 1;
            Show(anchor);
        }
    }

    private void Show(int anchor)
    {
        switch (_text[anchor])
        {
            case (byte)'@':
                AtSign(anchor, 1);
                break;
            case (byte)':':
                Colon(anchor);
                break;
            case (byte)'=':
                Assignment(anchor);
                break;
            default:
                Digit(anchor);
                break;
        }
    }

    // Blocks and keys that need hold no anchor are looked for by their beginning, and taken when the pass comes to them.
    private bool TryLiterals(int anchor)
    {
        while ((uint)Math.Min((uint)_nextKeyBlock, (uint)_nextAwsKey) < (uint)anchor)
        {
            _work++;
            bool isFound;
            if ((uint)_nextKeyBlock < (uint)_nextAwsKey)
            {
                int start = Take(ref _nextKeyBlock, PrivateKeyRule.Prefix);
                isFound = start >= _matched && Add(PrivateKeyRule.Match(_text, start), PiiKind.Secret, PrivateKeyRule.Name);
            }
            else
            {
                int start = Take(ref _nextAwsKey, AwsKeyRule.Prefix);
                isFound = start >= _matched && !Characters.IsWordAt(_text, start - 1)
                    && TryWordRules(PiiRules.SecretsByFirstByte['A'], start, start + WordLength(start, AwsKeyRule.Length + 1));
            }

            if (isFound)
            {
                return true;
            }
        }

        return false;
    }

    private readonly int Take(ref int next, ReadOnlySpan<byte> prefix)
    {
        int start = next;
        int step = _text[(start + 1)..].IndexOf(prefix);
        next = step < 0 ? -1 : start + 1 + step;
        return start;
    }

    private void AtSign(int at, int sign)
    {
        if ((_wanted & PiiKinds.Secret) != 0 && Add(UrlPasswordRule.Match(_text, at, _matched, ref _work), PiiKind.Secret, UrlPasswordRule.Name))
        {
            return;
        }

        if ((_wanted & PiiKinds.Email) != 0)
        {
            Add(EmailRule.Match(_text, at, sign, _matched, ref _work), PiiKind.Email, EmailRule.Name);
        }
    }

    private void Colon(int colon)
    {
        byte next = Characters.At(_text, colon + 1);
        byte before = Characters.At(_text, colon - 1);
        if ((_wanted & PiiKinds.IpAddress) != 0 && (Characters.Hexadecimal.Contains(next) || next == (byte)':') && (Characters.Hexadecimal.Contains(before) || next == (byte)':')
            && Add(IpV6Rule.Match(_text, colon, _matched, ref _work), PiiKind.IpAddress, IpV6Rule.Name))
        {
            return;
        }

        Assignment(colon);
    }

    private void Assignment(int sign)
    {
        if ((_wanted & PiiKinds.Secret) != 0)
        {
            Add(AssignedSecretRule.Match(_text, sign, _matched, ref _work), PiiKind.Secret, AssignedSecretRule.Name);
        }
    }

    private void Digit(int digit)
    {
        if (digit < _digitsUntil)
        {
            Number(digit);
            return;
        }

        int start = digit;
        while (start > _floor && digit - start < LongestWord && Characters.Word.Contains(_text[start - 1]))
        {
            start--;
        }

        int end = digit + WordLength(digit, int.MaxValue);
        _work += end - start;
        if (_text[start..end].IndexOfAnyExcept(Characters.DigitsAndDashes) >= 0)
        {
            Word(start, end);
            return;
        }

        // What follows in this word need not be looked at again for letters.
        _digitsUntil = end;
        if ((_wanted & PiiKinds.NationalId) == 0 || !(end - digit == 18 ? TryWordRules(PiiRules.Words, digit, end) : TryBehindCapitals(start)))
        {
            Number(digit);
        }
    }

    // AB 12 34 56 C
    private bool TryBehindCapitals(int start) =>
        start >= 3 && _text[start - 1] == (byte)' ' && Characters.IsUpper(_text[start - 2]) && Characters.IsUpper(_text[start - 3]) && !Characters.IsWordAt(_text, start - 4)
        && TryWordRules(PiiRules.Words, start - 3, start - 1);

    private void Word(int start, int end)
    {
        while (start < end - 1 && _text[start] == (byte)'-')
        {
            start++;
        }

        if ((_wanted & PiiKinds.Secret) != 0 && end - start >= 16 && TryWordRules(PiiRules.SecretsByFirstByte[_text[start]], start, end))
        {
            return;
        }

        if ((_wanted & (PiiKinds.Iban | PiiKinds.NationalId)) != 0 && TryWordRules(PiiRules.Words, start, end))
        {
            return;
        }

        // phone_4155552671, SSN-123-45-6789: a number behind a name.
        int last = _text[start..end].LastIndexOfAnyExcept(Characters.DigitsAndDashes);
        int number = start + last + 1;
        bool isNamed = last >= 0 && number < end && (_text[number - 1] == (byte)'_' || _text[number] == (byte)'-') && _text[start..(start + last)].IndexOfAnyInRange((byte)'0', (byte)'9') < 0;
        while (isNamed && number < end && _text[number] == (byte)'-')
        {
            number++;
        }

        if (isNamed && number < end)
        {
            Number(number);
            return;
        }

        // An address may begin within: john42@example.com. The at-sign finds it.
        _at = _floor = end;
        PercentEncodedSign(start, end);
    }

    // john%40example.com
    private void PercentEncodedSign(int start, int end)
    {
        if (Characters.At(_text, start - 1) == (byte)'%' && end - start > 4 && _text[start] == (byte)'4' && _text[start + 1] == (byte)'0')
        {
            AtSign(start - 1, 3);
        }
    }

    private void Number(int start)
    {
        int first = start;
        while (first < _text.Length && Characters.IsDigit(_text[first]))
        {
            first++;
        }

        _at = _floor = first;
        byte behind = Characters.At(_text, first);
        bool isShort = first - start < 7 && behind is not ((byte)' ' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)')' or (byte)'(' or 0xC2 or 0xE2);
        isShort |= first - start < 7 && behind is ((byte)' ' or (byte)'-' or (byte)'.' or (byte)'/') && Characters.At(_text, first + 1) is not ((byte)'(' or (>= (byte)'0' and <= (byte)'9'));
        bool isFraction = Characters.At(_text, start - 1) == (byte)'.' && Characters.IsDigit(Characters.At(_text, start - 2));
        if (isShort || isFraction || first - start > NumberCandidate.MostDigits)
        {
            return;
        }

        var number = new NumberCandidate(_text, start);
        _work += number.Count;
        if (number.Count < 4)
        {
            return;
        }

        foreach (INumberRule rule in PiiRules.Numbers)
        {
            if (number.Count >= rule.FewestDigits && (_wanted & rule.Kind.Set()) != 0)
            {
                _work += number.Count;
                if (Add(rule.Match(number), rule.Kind, rule.Name))
                {
                    return;
                }
            }
        }
    }

    private bool TryWordRules(IWordRule[] rules, int start, int end)
    {
        foreach (IWordRule rule in rules)
        {
            if ((_wanted & rule.Kind.Set()) != 0)
            {
                _work++;
                if (Add(rule.Match(_text, start, end), rule.Kind, rule.Name))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // False, too, for what overlaps an earlier match.
    private bool Add(Found found, PiiKind kind, string rule)
    {
        if (!found.IsMatch || found.Start < _matched)
        {
            return false;
        }

        Kinds |= kind.Set();
        _matches?.Add(new PiiMatch(found.Start, found.End - found.Start, kind, rule));
        _matched = found.End;
        _at = _floor = Math.Max(_at, found.End);
        return true;
    }

    private readonly int WordLength(int start, int longest)
    {
        ReadOnlySpan<byte> rest = _text.Slice(start, Math.Min(longest, _text.Length - start));
        int length = rest.IndexOfAnyExcept(Characters.Word);
        return length < 0 ? rest.Length : length;
    }
}
