using System.Text;

namespace Telemetry.Screening.Tests.Labelled;

/// <summary>How much of what is labelled was found, and how much of what was found is labelled, by kind.</summary>
public sealed class Quality
{
    private readonly int[] _found = new int[PiiNames.All.Count];
    private readonly int[] _missed = new int[PiiNames.All.Count];
    private readonly int[] _wrong = new int[PiiNames.All.Count];
    private readonly List<PiiMatch> _matches = [];

    /// <summary>A few texts in which something was missed or found wrongly, for people.</summary>
    public List<string> Examples { get; } = [];

    /// <summary>Share of labels that were found.</summary>
    public double Recall(PiiKind kind) => (double)_found[(int)kind] / Math.Max(1, _found[(int)kind] + _missed[(int)kind]);

    /// <summary>Share of findings that are labelled.</summary>
    public double Precision(PiiKind kind) => (double)_found[(int)kind] / Math.Max(1, _found[(int)kind] + _wrong[(int)kind]);

    /// <summary>Labels of a kind.</summary>
    public int Labels(PiiKind kind) => _found[(int)kind] + _missed[(int)kind];

    /// <summary>Looks at one text. A finding counts when it has the label's kind and covers it, and no more than two bytes beyond.</summary>
    public void Add(LabelledText text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text.Text);
        _matches.Clear();
        PiiScanner.Find(utf8, PiiKinds.All, _matches);
        var open = text.Labels.Select(l => (l.Kind, Start: Encoding.UTF8.GetByteCount(text.Text.AsSpan(0, l.Start)), Length: Encoding.UTF8.GetByteCount(text.Text.AsSpan(l.Start, l.Length)))).ToList();
        foreach (PiiMatch match in _matches)
        {
            int label = open.FindIndex(l => l.Kind == match.Kind && match.Start <= l.Start && match.End >= l.Start + l.Length && match.Length <= l.Length + 2);
            if (label < 0)
            {
                _wrong[(int)match.Kind]++;
                Note($"wrong {match.Kind.Name()}/{match.Rule}", utf8, match.Start, match.Length);
            }
            else
            {
                _found[(int)match.Kind]++;
                open.RemoveAt(label);
            }
        }

        foreach ((PiiKind kind, int start, int length) in open)
        {
            _missed[(int)kind]++;
            Note($"missed {kind.Name()}", utf8, start, length);
        }
    }

    private void Note(string what, byte[] text, int start, int length)
    {
        if (Examples.Count < 60)
        {
            int from = Math.Max(0, start - 24);
            Examples.Add($"{what}: <{Encoding.UTF8.GetString(text, start, length)}> in …{Encoding.UTF8.GetString(text, from, Math.Min(text.Length, start + length + 16) - from).ReplaceLineEndings("⏎")}…");
        }
    }
}
