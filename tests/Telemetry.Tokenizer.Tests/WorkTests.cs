using System.Text;
using Telemetry.Tokenizer.Merge;
using Telemetry.Tokenizer.Ranks;
using Telemetry.Tokenizer.Tests.Text;

namespace Telemetry.Tokenizer.Tests;

/// <summary>What a text costs, counted in operations and never in time.</summary>
public class WorkTests
{
    private const int Megabyte = 1 << 20;
    private const int GroupsOfEightOverAMegabyte = 7;
    private static readonly RankTable Ranks = new(EmbeddedTable.Read("o200k_base.ranks"));

    public static TheoryData<string> Patterns => ["a", " ", "\n", "=", "/", "0", "é", "語", "😀", "👩‍👩‍👧‍👦", "\u0301", "A", "Aa", " \n", "\t ", "ab", "XYZ語", "base64"];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void The_operations_grow_with_the_text_and_not_with_its_square(string pattern)
    {
        const int Times = 16;
        const int FewOfAnyText = 100;
        const int ChangesOfOneMerge = 3;
        const double OneOrTwoMoreLevels = 1.6;
        foreach (BytePairEncoding encoding in (BytePairEncoding[])[BytePairEncoding.O200kBase, BytePairEncoding.Cl100kBase])
        {
            Work small = WorkOf(encoding, Repeated(pattern, Megabyte / Times));
            Work large = WorkOf(encoding, Repeated(pattern, Megabyte));
            Assert.InRange(large.Merges, 0, Megabyte - 1);
            Assert.InRange(large.Groups, 0, (long)ChangesOfOneMerge * GroupsOfEightOverAMegabyte * Megabyte);
            Assert.InRange(large.ReadAhead, 0, Megabyte);
            Assert.InRange(large.Merges, 0, (small.Merges + FewOfAnyText) * Times);
            Assert.InRange(large.Groups, 0, (long)((small.Groups + FewOfAnyText) * Times * OneOrTwoMoreLevels));
        }
    }

    // What the splitters tell apart, three of them repeated in every order, after and before some of each.
    [Fact]
    public void The_splitters_never_read_much_more_than_the_text_has()
    {
        string[] parts = ["A", "b", "語", "\u0301", "1", " ", "\n", "\t", "'s", "-", "/", "Ж"];
        foreach (string first in parts)
        {
            foreach (string second in parts)
            {
                foreach (string third in parts)
                {
                    string repeated = string.Concat(Enumerable.Repeat(first + second + third, 200));
                    string runs = string.Concat(Enumerable.Repeat(first, 200)) + string.Concat(Enumerable.Repeat(second, 200)) + string.Concat(Enumerable.Repeat(third, 200));
                    byte[] text = Encoding.UTF8.GetBytes(repeated + runs + repeated);
                    Assert.InRange(WorkOf(BytePairEncoding.O200kBase, text).ReadAhead, 0, text.Length);
                    Assert.InRange(WorkOf(BytePairEncoding.Cl100kBase, text).ReadAhead, 0, text.Length);
                }
            }
        }
    }

    [Fact]
    public void Short_and_long_pieces_are_merged_as_the_plain_definition_says()
    {
        var random = new Random(6);
        List<byte[]> texts = new MixedText(7).Texts(300_000);
        for (int round = 0; round < 3000; round++)
        {
            byte[] text = texts[random.Next(texts.Count)];
            int start = random.Next(text.Length);
            int length = random.Next(1, Math.Min(text.Length - start, ShortMerge.Limit) + 1);
            int[] expected = Plain(text.AsSpan(start, length));
            foreach (bool isShort in (bool[])[true, false])
            {
                var tokens = new List<int>();
                Work work = default;
                int count = isShort
                    ? ShortMerge.Run(Ranks, text, start, length, tokens, ref work)
                    : LongMerge.Run(Ranks, text, start, length, tokens, ref work);
                Assert.Equal(expected, tokens);
                Assert.Equal(expected.Length, count);
                Assert.Equal(length - count, work.Merges);
            }
        }
    }

    [Fact]
    public void Every_token_is_found_by_its_bytes()
    {
        byte[] padded = new byte[300];
        for (int rank = 0; rank < Ranks.Count; rank++)
        {
            ReadOnlySpan<byte> token = Ranks.Bytes(rank);
            Assert.Equal(rank, Ranks.Find(token, 0, token.Length));
            token.CopyTo(padded.AsSpan(7));
            Assert.Equal(rank, Ranks.Find(padded, 7, token.Length));
            Assert.True(Ranks.Contains(padded, 7, token.Length));
        }

        Assert.False(Ranks.Contains(new byte[500], 0, 500));
    }

    [Fact]
    public void Bytes_that_are_no_token_are_not_found()
    {
        Dictionary<string, int> tokens = Enumerable.Range(0, Ranks.Count).ToDictionary(rank => Convert.ToHexString(Ranks.Bytes(rank)));
        var random = new Random(10);
        List<byte[]> texts = [.. new MixedText(11).Texts(300_000), new byte[100]];
        for (int round = 0; round < 300_000; round++)
        {
            byte[] text = texts[random.Next(texts.Count)];
            int start = random.Next(text.Length);
            int length = random.Next(1, Math.Min(text.Length - start, 20) + 1);
            text[random.Next(text.Length)] = (byte)random.Next(10);
            int expected = tokens.GetValueOrDefault(Convert.ToHexString(text, start, length), RankTable.None);
            Assert.Equal(expected, Ranks.Find(text, start, length));
            Assert.Equal(expected != RankTable.None, Ranks.Contains(text, start, length));
        }
    }

    private static int[] Plain(ReadOnlySpan<byte> piece)
    {
        var parts = new List<byte[]>();
        foreach (byte one in piece)
        {
            parts.Add([one]);
        }

        while (true)
        {
            int[] pairs = [.. parts.Skip(1).Select((right, i) => Rank([.. parts[i], .. right]))];
            int best = pairs.Length == 0 ? -1 : Array.IndexOf(pairs, pairs.Min());
            if (best < 0 || pairs[best] == RankTable.None)
            {
                return [.. parts.Select(Rank)];
            }

            parts[best] = [.. parts[best], .. parts[best + 1]];
            parts.RemoveAt(best + 1);
        }
    }

    private static int Rank(byte[] bytes) => Ranks.Find(bytes, 0, bytes.Length);

    private static byte[] Repeated(string pattern, int bytes)
    {
        if (pattern == "base64")
        {
            byte[] noise = new byte[bytes / 4 * 3];
            new Random(8).NextBytes(noise);
            return Encoding.UTF8.GetBytes(Convert.ToBase64String(noise));
        }

        byte[] one = Encoding.UTF8.GetBytes(pattern);
        byte[] text = new byte[bytes / one.Length * one.Length];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = one[i % one.Length];
        }

        return text;
    }

    private static Work WorkOf(BytePairEncoding encoding, byte[] text)
    {
        // With a list for the tokens, so that nothing comes from the cache of pieces.
        Work work = default;
        encoding.Run(text, allowSpecial: false, [], ref work);
        return work;
    }
}
