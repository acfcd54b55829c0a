using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;
using Telemetry.Tokenizer.Merge;
using Telemetry.Tokenizer.Ranks;
using Telemetry.Tokenizer.Split;

namespace Telemetry.Tokenizer;

/// <summary>
/// One of OpenAI's byte-pair encodings, token for token as tiktoken has it. Texts are UTF-8; what is not valid in them counts as U+FFFD, as a decoder
/// would replace it. Immutable and safe for many threads; counting allocates nothing once its buffers are pooled.
/// </summary>
public sealed class BytePairEncoding
{
    private static readonly Lazy<BytePairEncoding> LazyO200kBase = new(() => new BytePairEncoding(
        "o200k_base", isO200k: true, new() { ["<|endoftext|>"] = 199_999, ["<|endofprompt|>"] = 200_018 }));

    private static readonly Lazy<BytePairEncoding> LazyCl100kBase = new(() => new BytePairEncoding(
        "cl100k_base",
        isO200k: false,
        new()
        {
            ["<|endoftext|>"] = 100_257,
            ["<|fim_prefix|>"] = 100_258,
            ["<|fim_middle|>"] = 100_259,
            ["<|fim_suffix|>"] = 100_260,
            ["<|endofprompt|>"] = 100_276,
        }));

    private readonly RankTable _ranks;
    private readonly bool _isO200k;
    private readonly (byte[] Text, int Token)[] _specials;

    private BytePairEncoding(string name, bool isO200k, Dictionary<string, int> specialTokens)
    {
        Name = name;
        SpecialTokens = specialTokens.ToFrozenDictionary(StringComparer.Ordinal);
        _isO200k = isO200k;
        _specials = [.. specialTokens.Select(special => (Encoding.UTF8.GetBytes(special.Key), special.Value))];
        _ranks = new RankTable(EmbeddedTable.Read($"{name}.ranks"));
    }

    /// <summary>The encoding of gpt-4o and what came after it.</summary>
    public static BytePairEncoding O200kBase => LazyO200kBase.Value;

    /// <summary>The encoding of gpt-4, gpt-3.5-turbo and the text-embedding models.</summary>
    public static BytePairEncoding Cl100kBase => LazyCl100kBase.Value;

    /// <summary>The published name, for example <c>o200k_base</c>.</summary>
    public string Name { get; }

    /// <summary>The texts that stand for one token where a call allows it, with those tokens.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>How many tokens a text has; the text of a special token is ordinary text.</summary>
    public int Count(ReadOnlySpan<byte> utf8)
    {
        Work work = default;
        return Run(utf8, allowSpecial: false, null, ref work);
    }

    /// <summary>How many tokens a text has, in which the text of a special token may count as that token.</summary>
    public int Count(ReadOnlySpan<byte> utf8, bool allowSpecial)
    {
        Work work = default;
        return Run(utf8, allowSpecial, null, ref work);
    }

    /// <summary>Appends the tokens of a text and gives their number; the text of a special token is ordinary text.</summary>
    public int Encode(ReadOnlySpan<byte> utf8, List<int> tokens) => Encode(utf8, tokens, allowSpecial: false);

    /// <summary>Appends the tokens of a text, in which the text of a special token may count as that token, and gives their number.</summary>
    public int Encode(ReadOnlySpan<byte> utf8, List<int> tokens, bool allowSpecial)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        Work work = default;
        return Run(utf8, allowSpecial, tokens, ref work);
    }

    /// <summary>The text of some tokens. A token may end within a character; what then is no valid UTF-8 becomes U+FFFD.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is no token of this encoding.</exception>
    public string Decode(ReadOnlySpan<int> tokens) => Encoding.UTF8.GetString(DecodeBytes(tokens));

    /// <summary>The bytes of some tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is no token of this encoding.</exception>
    public byte[] DecodeBytes(ReadOnlySpan<int> tokens)
    {
        int length = 0;
        foreach (int token in tokens)
        {
            length = checked(length + TokenBytes(token).Length);
        }

        byte[] bytes = new byte[length];
        Span<byte> rest = bytes;
        foreach (int token in tokens)
        {
            ReadOnlySpan<byte> one = TokenBytes(token);
            one.CopyTo(rest);
            rest = rest[one.Length..];
        }

        return bytes;
    }

    /// <summary>The bytes of one token, which may be a part of a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is no token of this encoding.</exception>
    public ReadOnlySpan<byte> TokenBytes(int token)
    {
        if ((uint)token < (uint)_ranks.Count)
        {
            return _ranks.Bytes(token);
        }

        foreach ((byte[] text, int special) in _specials)
        {
            if (special == token)
            {
                return text;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(token), token, $"no token of {Name}");
    }

    /// <summary>Counts, appends the tokens where asked for, and says what it cost.</summary>
    internal int Run(ReadOnlySpan<byte> utf8, bool allowSpecial, List<int>? tokens, ref Work work)
    {
        if (Utf8.IsValid(utf8))
        {
            return RunValid(utf8, allowSpecial, tokens, ref work);
        }

        byte[] replaced = ArrayPool<byte>.Shared.Rent(Utf8Repair.MostBytes(utf8.Length));
        try
        {
            return RunValid(replaced.AsSpan(0, Utf8Repair.Replace(utf8, replaced)), allowSpecial, tokens, ref work);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(replaced);
        }
    }

    private int RunValid(ReadOnlySpan<byte> text, bool allowSpecial, List<int>? tokens, ref Work work)
    {
        int count = 0;
        while (allowSpecial && FindSpecial(text, out int length, out int token) is var at && at >= 0)
        {
            count += RunOrdinary(text[..at], tokens, ref work) + 1;
            tokens?.Add(token);
            text = text[(at + length)..];
        }

        return count + RunOrdinary(text, tokens, ref work);
    }

    private int FindSpecial(ReadOnlySpan<byte> text, out int length, out int token)
    {
        ReadOnlySpan<byte> opening = "<|"u8;
        int start = 0;
        while (text[start..].IndexOf(opening) is var at && at >= 0)
        {
            start += at;
            foreach ((byte[] special, int number) in _specials)
            {
                if (text[start..].StartsWith(special))
                {
                    (length, token) = (special.Length, number);
                    return start;
                }
            }

            start += opening.Length;
        }

        (length, token) = (0, 0);
        return -1;
    }

    private int RunOrdinary(ReadOnlySpan<byte> text, List<int>? tokens, ref Work work) =>
        (_isO200k, tokens) switch
        {
            (true, null) => CountPieces<O200kSplitter>(text, ref work),
            (false, null) => CountPieces<Cl100kSplitter>(text, ref work),
            (true, _) => EncodePieces<O200kSplitter>(text, tokens, ref work),
            (false, _) => EncodePieces<Cl100kSplitter>(text, tokens, ref work),
        };

    private int CountPieces<TSplitter>(ReadOnlySpan<byte> text, ref Work work)
        where TSplitter : struct, ISplitter
    {
        RankTable ranks = _ranks;
        PieceCache<TSplitter> cache = PieceCache<TSplitter>.Own;
        int count = 0;
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = TSplitter.Next(text, start, ref work);
            int length = end - start;
            count += length == 1 || ranks.Contains(text, start, length) ? 1 : CountParts(cache, text, start, length, ref work);
        }

        return count;
    }

    private int EncodePieces<TSplitter>(ReadOnlySpan<byte> text, List<int> tokens, ref Work work)
        where TSplitter : struct, ISplitter
    {
        RankTable ranks = _ranks;
        int before = tokens.Count;
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = TSplitter.Next(text, start, ref work);
            int whole = ranks.Find(text, start, end - start);
            if (whole != RankTable.None)
            {
                tokens.Add(whole);
            }
            else
            {
                Merge(text, start, end - start, tokens, ref work);
            }
        }

        return tokens.Count - before;
    }

    private int CountParts<TSplitter>(PieceCache<TSplitter> cache, ReadOnlySpan<byte> text, int start, int length, ref Work work)
        where TSplitter : struct, ISplitter
    {
        if (length > PieceCache<TSplitter>.Longest || text.Length - start < PieceCache<TSplitter>.KeyBytes)
        {
            return Merge(text, start, length, null, ref work);
        }

        Vector256<byte> key = PieceCache<TSplitter>.Key(text, start, length);
        int place = PieceCache<TSplitter>.Place(key);
        int count = cache.Find(place, key);
        if (count == 0)
        {
            count = Merge(text, start, length, null, ref work);
            cache.Keep(place, key, count);
        }

        return count;
    }

    private int Merge(ReadOnlySpan<byte> text, int start, int length, List<int>? tokens, ref Work work) =>
        length <= ShortMerge.Limit
            ? ShortMerge.Run(_ranks, text, start, length, tokens, ref work)
            : LongMerge.Run(_ranks, text, start, length, tokens, ref work);
}
