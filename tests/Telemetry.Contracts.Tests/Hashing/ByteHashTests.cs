using Telemetry.Contracts.Hashing;

namespace Telemetry.Contracts.Tests.Hashing;

public sealed class ByteHashTests
{
    private const int Longest = 100;

    [Fact]
    public void Every_byte_and_the_length_count_wherever_they_stand()
    {
        var random = new Random(1);
        var seen = new Dictionary<ulong, string>();
        for (int length = 0; length <= Longest; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            AssertNew(seen, bytes);
            for (int at = 0; at < length; at++)
            {
                foreach (byte flip in (byte[])[1, 0x80])
                {
                    bytes[at] ^= flip;
                    AssertNew(seen, bytes);
                    bytes[at] ^= flip;
                }
            }
        }
    }

    [Fact]
    public void Zeros_of_every_length_differ() =>
        Assert.Equal(Longest, Enumerable.Range(0, Longest).Select(n => ByteHash.Of(new byte[n])).Distinct().Count());

    [Fact]
    public void Equal_bytes_have_equal_hashes_wherever_they_lie()
    {
        byte[] buffer = new byte[3 * Longest];
        byte[] bytes = new byte[Longest];
        new Random(2).NextBytes(bytes);
        for (int length = 0; length <= Longest; length++)
        {
            for (int offset = 0; offset < 9; offset++)
            {
                new Random(offset).NextBytes(buffer);
                bytes.AsSpan(0, length).CopyTo(buffer.AsSpan(offset));
                Assert.Equal(ByteHash.Of(bytes.AsSpan(0, length)), ByteHash.Of(buffer.AsSpan(offset, length)));
            }
        }
    }

    // Tables take the lowest bits: names that differ in a digit must not crowd there.
    [Fact]
    public void The_lowest_bits_spread_similar_names()
    {
        const int Names = 4096;
        const int Places = 1024;
        int[] counts = new int[Places];
        for (int i = 0; i < Names; i++)
        {
            counts[ByteHash.Of(System.Text.Encoding.UTF8.GetBytes($"gen_ai.prompt.{i}.content")) % Places]++;
        }

        // Four are expected in each place; of a Poisson distribution over 1024 places, 20 come less than once in a million runs.
        Assert.InRange(counts.Max(), 4, 20);
        Assert.InRange(counts.Count(c => c == 0), 0, 60);
    }

    private static void AssertNew(Dictionary<ulong, string> seen, byte[] bytes)
    {
        string text = Convert.ToHexString(bytes);
        ulong hash = ByteHash.Of(bytes);
        Assert.NotEqual(0UL, hash);
        Assert.True(!seen.TryGetValue(hash, out string? other) || other == text, $"{text} and {other}");
        seen[hash] = text;
    }
}
