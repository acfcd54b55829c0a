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

    // Deep trees: a piece of many levels against the same merges from a queue.
    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("aab")]
    [InlineData("thequickbrownfoxjumps")]
    [InlineData("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经")]
    public void Pieces_of_many_tree_levels_are_merged_as_a_queue_of_pairs_merges_them(string alphabet)
    {
        const int Characters = 300_000;
        var random = new Random(13);
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Characters).Select(_ => alphabet[random.Next(alphabet.Length)])));
        var tokens = new List<int>();
        Work work = default;
        LongMerge.Run(Ranks, text, 0, text.Length, tokens, ref work);
        Assert.Equal(Queued(text), tokens);
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

    // Pairs leave the queue by rank and then by place; one whose parts have been merged meanwhile has another end and is passed over.
    private static List<int> Queued(byte[] text)
    {
        int[] ends = [.. Enumerable.Range(1, text.Length)];
        int[] starts = [.. Enumerable.Range(0, text.Length)];
        var queue = new PriorityQueue<(int Left, int Right, int End), (int Rank, int Left)>();
        void Add(int left)
        {
            int right = ends[left];
            if (right < text.Length && Ranks.Find(text, left, ends[right] - left) is var rank && rank != RankTable.None)
            {
                queue.Enqueue((left, right, ends[right]), (rank, left));
            }
        }

        for (int i = 0; i < text.Length; i++)
        {
            Add(i);
        }

        // By the last byte of a part, where it starts; so the part before one is found.
        while (queue.TryDequeue(out (int Left, int Right, int End) pair, out _))
        {
            if (ends[pair.Left] != pair.Right || starts[pair.Right - 1] != pair.Left || ends[pair.Right] != pair.End || starts[pair.End - 1] != pair.Right)
            {
                continue;
            }

            ends[pair.Left] = pair.End;
            starts[pair.End - 1] = pair.Left;
            Add(pair.Left);
            if (pair.Left > 0)
            {
                Add(starts[pair.Left - 1]);
            }
        }

        var tokens = new List<int>();
        for (int i = 0; i < text.Length; i = ends[i])
        {
            tokens.Add(Ranks.Find(text, i, ends[i] - i));
        }

        return tokens;
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
