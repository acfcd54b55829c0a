namespace Telemetry.Fuzz.Mutation;

/// <summary>Changes of texts by words that mean something.</summary>
internal static class TextEdits
{
    /// <summary>Puts a word in, at the place of some bytes or between them.</summary>
    public static void Apply(Draft draft, int from, FuzzRandom random, IReadOnlyList<byte[]> words)
    {
        int at = Math.Min(draft.Length, from + random.Next(Math.Max(1, draft.Length - from + 1)));
        int replaced = random.OneIn(2) ? 0 : Math.Min(draft.Length - at, random.Next(8));
        draft.Replace(at, replaced, random.Pick(words));
    }
}
