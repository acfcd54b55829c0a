using System.Text;
using Telemetry.Tokenizer.Ranks;
using Telemetry.Tokenizer.Split;
using Telemetry.Tokenizer.Tests.Reference;
using Telemetry.Tokenizer.Tests.Text;

namespace Telemetry.Tokenizer.Tests;

/// <summary>Token for token what the npm package tiktoken gives.</summary>
public class TiktokenEqualityTests
{
    public static TheoryData<string> Names => Encodings.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public Task Ten_megabytes_of_mixed_text(string name) => AreEqualAsync(Encodings.Named(name), new MixedText(1).Texts(11_000_000));

    [Theory]
    [MemberData(nameof(Names))]
    public Task Every_code_point_between_letters_or_spaces(string name)
    {
        const int Together = 100;
        string[] between = ["\n", " ", "a", "A", "a ", "'", "1"];
        var texts = new List<byte[]>();
        for (int first = 0; first < 0x110000; first += Together)
        {
            IEnumerable<string> points = Enumerable.Range(first, Together).Where(Rune.IsValid).Select(char.ConvertFromUtf32);
            texts.Add(Encoding.UTF8.GetBytes(string.Join(between[first / Together % between.Length], points)));
        }

        return AreEqualAsync(Encodings.Named(name), texts);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public Task Every_short_sequence_of_what_the_expressions_tell_apart(string name) => AreEqualAsync(Encodings.Named(name), ShortSequences.All());

    [Theory]
    [MemberData(nameof(Names))]
    public Task Repeats_of_every_length_up_to_some_hundred(string name)
    {
        string[] parts = ["a", " ", "\n", "=", "😀", "語", "ab", "0", "é", "a语", "\u0301", "A", "/", "- ", "aaaaaaab"];
        IEnumerable<byte[]> texts = from part in parts from count in Enumerable.Range(1, 300) select Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, count)));
        return AreEqualAsync(Encodings.Named(name), [.. texts]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Special_tokens_where_they_are_allowed_and_where_not(string name)
    {
        BytePairEncoding encoding = Encodings.Named(name);
        string[] parts = [.. BytePairEncoding.Cl100kBase.SpecialTokens.Keys, "<|", "|>", " ", "a", "<|endoftext", "\n", "<|im_start|>", "don't", "<"];
        var random = new Random(2);
        List<byte[]> texts =
        [
            .. Enumerable.Range(0, 5000).Select(_ => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)])))),
        ];
        await AreEqualAsync(encoding, texts, allowSpecial: true);
        await AreEqualAsync(encoding, texts);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_embedded_ranks_are_those_of_the_package(string name) =>
        Assert.True((await Node.RunAsync("tables.mjs", [name])).AsSpan().SequenceEqual(EmbeddedTable.Read($"{name}.ranks")));

    [Fact]
    public async Task The_embedded_classes_are_those_of_the_packages_engine()
    {
        byte[] expected = await Node.RunAsync("classes.mjs", []);
        Assert.Equal(0x110000, expected.Length);
        Assert.All(Enumerable.Range(0, expected.Length).Where(point => CodePoints.ClassOf(point) != expected[point]), point => Assert.Fail($"U+{point:X}"));
    }

    private static async Task AreEqualAsync(BytePairEncoding encoding, List<byte[]> texts, bool allowSpecial = false)
    {
        List<int[]> expected = await Node.EncodeAsync(encoding, texts, allowSpecial);
        for (int i = 0; i < texts.Count; i++)
        {
            int[] actual = encoding.Encode(texts[i], allowSpecial);
            if (!actual.AsSpan().SequenceEqual(expected[i]))
            {
                Assert.Fail(Difference(encoding, Encoding.UTF8.GetString(texts[i]), expected[i], actual));
            }

            Assert.Equal(actual.Length, encoding.Count(texts[i], allowSpecial));
        }
    }

    private static string Difference(BytePairEncoding encoding, string text, int[] expected, int[] actual)
    {
        const int Shown = 8;
        int same = expected.AsSpan().CommonPrefixLength(actual);
        string Parts(int[] tokens) => string.Join('|', tokens.Skip(Math.Max(0, same - Shown)).Take(2 * Shown).Select(token => encoding.Decode([token])));
        return $"{encoding.Name}: tiktoken {Parts(expected)}\nours {Parts(actual)}\nin {text[..Math.Min(text.Length, 2000)]}";
    }
}
