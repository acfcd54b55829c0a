using System.Text;
using Telemetry.Tokenizer.Split;
using Telemetry.Tokenizer.Tests.Reference;
using Telemetry.Tokenizer.Tests.Text;

namespace Telemetry.Tokenizer.Tests;

/// <summary>The pieces themselves, which equal tokens alone would not prove: two pieces often have the tokens that both have together.</summary>
public class SplitTests
{
    public static TheoryData<string> Names => Encodings.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public Task Pieces_of_mixed_text(string name) => AreEqualAsync(name, new MixedText(12).Texts(3_000_000));

    [Theory]
    [MemberData(nameof(Names))]
    public Task Pieces_of_every_short_sequence(string name) => AreEqualAsync(name, ShortSequences.All());

    // The same sequences after and before longer text, where whole blocks of ASCII are read at once.
    [Theory]
    [MemberData(nameof(Names))]
    public Task Pieces_of_every_short_sequence_within_a_text(string name) =>
        AreEqualAsync(name, [.. ShortSequences.All().Select(text => (byte[])[.. "word"u8, .. text, .. "then and some more text, Even More"u8])]);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Pieces_of_words_of_every_length(string name)
    {
        string[] tails = ["", " ", "B", "b", "'s x", "é", "\u0301", "語B", "1", "-", "\n"];
        return AreEqualAsync(
            name,
            [
                .. from before in (string[])["", " ", "-", "\t", "'", "\u0301"]
                   from upper in Enumerable.Range(0, 20)
                   from lower in Enumerable.Range(0, 20)
                   from tail in tails
                   select Encoding.UTF8.GetBytes($"{before}{new string('Q', upper)}{new string('q', lower)}{tail}{tail} enough to fill a block"),
            ]);
    }

    private static async Task AreEqualAsync(string name, List<byte[]> texts)
    {
        foreach ((byte[] text, int[] expected) in await Node.SplitAsync(Encodings.Named(name), texts))
        {
            int[] actual = [.. name == BytePairEncoding.O200kBase.Name ? Pieces<O200kSplitter>(text) : Pieces<Cl100kSplitter>(text)];
            if (!actual.AsSpan().SequenceEqual(expected))
            {
                int same = actual.AsSpan().CommonPrefixLength(expected);
                Assert.Fail($"expected {Shown(text, expected, same)}\nactual   {Shown(text, actual, same)}");
            }
        }
    }

    private static List<int> Pieces<TSplitter>(byte[] text)
        where TSplitter : struct, ISplitter
    {
        var lengths = new List<int>();
        Work work = default;
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = TSplitter.Next(text, start, ref work);
            lengths.Add(end - start);
        }

        return lengths;
    }

    // The first pieces that differ, with their code points.
    private static string Shown(byte[] text, int[] lengths, int same)
    {
        const int Differing = 2;
        var shown = new StringBuilder();
        int at = lengths.Take(same).Sum();
        foreach (int length in lengths.Skip(same).Take(Differing))
        {
            string piece = Encoding.UTF8.GetString(text, at, length);
            shown.Append(piece).Append(" (").AppendJoin(' ', piece.EnumerateRunes().Select(rune => $"{rune.Value:X4}")).Append(") ");
            at += length;
        }

        return shown.ToString();
    }
}
