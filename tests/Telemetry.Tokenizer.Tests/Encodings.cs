namespace Telemetry.Tokenizer.Tests;

/// <summary>Both encodings, for theories.</summary>
internal static class Encodings
{
    public static TheoryData<string> Names => [BytePairEncoding.O200kBase.Name, BytePairEncoding.Cl100kBase.Name];

    public static BytePairEncoding Named(string name) => name == BytePairEncoding.O200kBase.Name ? BytePairEncoding.O200kBase : BytePairEncoding.Cl100kBase;

    public static int[] Encode(this BytePairEncoding encoding, ReadOnlySpan<byte> utf8, bool allowSpecial = false)
    {
        var tokens = new List<int>();
        Assert.Equal(encoding.Encode(utf8, tokens, allowSpecial), tokens.Count);
        return [.. tokens];
    }
}
