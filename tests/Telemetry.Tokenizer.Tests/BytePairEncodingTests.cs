using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Telemetry.TestKit;
using Telemetry.Tokenizer.Tests.Text;

namespace Telemetry.Tokenizer.Tests;

public class BytePairEncodingTests
{
    public static TheoryData<string> Names => Encodings.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Decoding_what_was_encoded_gives_the_text(string name) =>
        Check(
            Gen.OneOf(ArbMap.Default.GeneratorFor<string>().Where(text => text is not null), Gen.Choose(0, int.MaxValue).Select(Mixed)),
            text =>
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                int[] tokens = Encodings.Named(name).Encode(utf8);
                return Encodings.Named(name).DecodeBytes(tokens).AsSpan().SequenceEqual(utf8)
                    && Encodings.Named(name).Decode(tokens) == Encoding.UTF8.GetString(utf8)
                    && Encodings.Named(name).Count(utf8) == tokens.Length;
            });

    [Theory]
    [MemberData(nameof(Names))]
    public void Invalid_utf8_counts_as_the_replacement_characters_that_a_decoder_gives(string name) =>
        Check(
            from text in Gen.Choose(0, int.MaxValue).Select(seed => Encoding.UTF8.GetBytes(Mixed(seed)))
            from broken in Gen.Elements<byte>(0x80, 0xbf, 0xc0, 0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0xff, 0x20, 0x61).ArrayOf()
            from at in Gen.Choose(0, text.Length)
            from cut in Gen.Choose(0, text.Length - at)
            select (byte[])[.. text[..at], .. broken, .. text[(at + cut)..]],
            bytes =>
            {
                byte[] repaired = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
                int[] tokens = Encodings.Named(name).Encode(bytes);
                return tokens.AsSpan().SequenceEqual(Encodings.Named(name).Encode(repaired))
                    && Encodings.Named(name).Count(bytes) == tokens.Length
                    && Encodings.Named(name).DecodeBytes(tokens).AsSpan().SequenceEqual(repaired);
            });

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_cut_of_a_text_encodes_without_an_error(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(Mixed(3)[..200]);
        for (int start = 0; start < text.Length; start++)
        {
            for (int end = start; end <= text.Length; end++)
            {
                Assert.True(Encodings.Named(name).Count(text.AsSpan(start, end - start)) <= 3 * (end - start));
            }
        }
    }

    [Fact]
    public void Known_tokens()
    {
        Assert.Equal([13225, 11, 2375, 0], BytePairEncoding.O200kBase.Encode("Hello, world!"u8));
        Assert.Equal([9906, 11, 1917, 0], BytePairEncoding.Cl100kBase.Encode("Hello, world!"u8));
        Assert.Equal(" world", Encoding.UTF8.GetString(BytePairEncoding.O200kBase.TokenBytes(2375)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_has_no_tokens(string name)
    {
        Assert.Equal(0, Encodings.Named(name).Count([]));
        Assert.Empty(Encodings.Named(name).Encode([]));
        Assert.Equal("", Encodings.Named(name).Decode([]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_special_tokens_text_is_ordinary_unless_it_is_allowed(string name)
    {
        BytePairEncoding encoding = Encodings.Named(name);
        foreach ((string text, int token) in encoding.SpecialTokens)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            Assert.Equal([token], encoding.Encode(utf8, allowSpecial: true));
            Assert.Equal(1, encoding.Count(utf8, allowSpecial: true));
            Assert.DoesNotContain(token, encoding.Encode(utf8));
            Assert.True(encoding.Count(utf8) > 1);
            Assert.Equal(text, encoding.Decode([token]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_number_that_is_no_token_is_refused(string name)
    {
        BytePairEncoding encoding = Encodings.Named(name);
        foreach (int token in (int[])[-1, int.MinValue, int.MaxValue, encoding.SpecialTokens["<|endoftext|>"] - 1, encoding.SpecialTokens["<|endofprompt|>"] + 1])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => encoding.DecodeBytes([13, token]));
        }
    }

    // Counting keeps what a piece came to; here pieces that differ in length, in one byte or only in zeros at their end follow each other.
    [Theory]
    [MemberData(nameof(Names))]
    public void Pieces_that_are_nearly_equal_are_not_taken_for_each_other(string name)
    {
        BytePairEncoding encoding = Encodings.Named(name);
        for (int round = 0; round < 2; round++)
        {
            foreach (string piece in (string[])["§¶§¤", "Xqzvw", "£\u0001", "ёжиковый"])
            {
                for (int length = 0; length < 40; length++)
                {
                    foreach (char filling in "\0\u0001zж¤")
                    {
                        byte[] utf8 = Encoding.UTF8.GetBytes($"{piece}{new string(filling, length)} and enough of text that follows the piece");
                        Assert.Equal(encoding.Encode(utf8).Length, encoding.Count(utf8));
                    }
                }
            }
        }
    }

    [Fact]
    public void Encoding_appends()
    {
        var tokens = new List<int> { 1, 2 };
        Assert.Equal(2, BytePairEncoding.O200kBase.Encode(" world!"u8, tokens));
        Assert.Equal([1, 2, 2375, 0], tokens);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Many_threads_count_the_same(string name)
    {
        BytePairEncoding encoding = Encodings.Named(name);
        List<byte[]> texts = new MixedText(4).Texts(200_000);
        int[] expected = [.. texts.Select(text => encoding.Encode(text).Length)];
        Parallel.For(0, 8 * texts.Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            Assert.Equal(expected[i % texts.Count], encoding.Count(texts[i % texts.Count])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Counting_allocates_nothing_once_its_buffers_are_there(string name)
    {
        BytePairEncoding encoding = Encodings.Named(name);
        List<byte[]> texts = [.. new MixedText(5).Texts(200_000), [.. Enumerable.Repeat((byte)'a', 5000)], "\xff broken"u8.ToArray()[1..]];
        void CountAll()
        {
            foreach (byte[] text in texts)
            {
                encoding.Count(text);
            }
        }

        CountAll();
        Assert.Equal(0, Allocations.Fewest(CountAll));
    }

    private static string Mixed(int seed) => Encoding.UTF8.GetString(new MixedText(seed).Texts(1)[0]);

    private static void Check<T>(Gen<T> generator, Func<T, bool> holds) =>
        Prop.ForAll(generator.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
