namespace Telemetry.Processor.Screen.Text;

/// <summary>Phrases that are looked for together, in one pass over the words of a text.</summary>
internal sealed class WordPatterns
{
    private readonly (byte[] Word, WordPattern Pattern)[][] _byFirstByte = new (byte[], WordPattern)[256][];

    public WordPatterns(WordPattern[] patterns)
    {
        for (int first = 0; first < _byFirstByte.Length; first++)
        {
            _byFirstByte[first] = [.. patterns.SelectMany(p => p.First.Where(w => w[0] == first).Select(w => (w, p)))];
        }
    }

    /// <summary>Whether one of the phrases stands in a folded text.</summary>
    public bool AreIn(ReadOnlySpan<byte> text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (_byFirstByte[text[at]].Length > 0 && WordPattern.IsEdge(text, at - 1) && BeginsAt(text, at))
            {
                return true;
            }
        }

        return false;
    }

    private bool BeginsAt(ReadOnlySpan<byte> text, int at)
    {
        int end = WordPattern.EndOfWord(text, at);
        foreach ((byte[] word, WordPattern pattern) in _byFirstByte[text[at]])
        {
            if (text[at..end].SequenceEqual(word) && pattern.GoesOn(text, end))
            {
                return true;
            }
        }

        return false;
    }
}
