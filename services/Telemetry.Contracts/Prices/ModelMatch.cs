using System.Text.RegularExpressions;

namespace Telemetry.Contracts.Prices;

/// <summary>
/// Which model ids an entry means. Ids are compared in lower case. The most specific match of a provider wins: an equal id over any pattern, a longer
/// literal over a shorter one, so that <c>claude-sonnet-4-5</c> is never priced as <c>claude-sonnet-4</c>.
/// </summary>
public sealed class ModelMatch
{
    /// <summary>Score of an equal id; no pattern reaches it.</summary>
    internal const int EqualScore = 1_000_000;

    private const int WeakScore = 1;
    private const string FineTunePrefix = "ft:";

    private readonly string _kind;
    private readonly string _text;
    private readonly Regex? _regex;
    private readonly IReadOnlyList<ModelMatch> _parts;

    private ModelMatch(string kind, string text, IReadOnlyList<ModelMatch> parts)
    {
        _kind = kind;
        _text = text.ToLowerInvariant();
        _parts = parts;

        // Names come from spans: an engine whose time is linear in the name, whatever the pattern.
        _regex = kind == "regex" ? new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking) : null;
    }

    /// <summary>A clause over the id's text: equals, starts_with, ends_with, contains or regex.</summary>
    /// <exception cref="ArgumentException">The kind is none of these, the text is empty, or the regular expression is not valid.</exception>
    /// <exception cref="NotSupportedException">The regular expression cannot be run in linear time (look-around, back reference).</exception>
    public static ModelMatch Literal(string kind, string text)
    {
        if (kind is not ("equals" or "starts_with" or "ends_with" or "contains" or "regex"))
        {
            throw new ArgumentException($"\"{kind}\" is no match clause; allowed: equals, starts_with, ends_with, contains, regex, or, and, not");
        }

        return string.IsNullOrEmpty(text) ? throw new ArgumentException($"\"{kind}\" needs a text that is not empty") : new ModelMatch(kind, text, []);
    }

    /// <summary>Any of the clauses.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static ModelMatch Or(IReadOnlyList<ModelMatch> parts) => new("or", "", NotEmpty(parts));

    /// <summary>All of the clauses.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static ModelMatch And(IReadOnlyList<ModelMatch> parts) => new("and", "", NotEmpty(parts));

    /// <summary>Everything but the clause; of use within <see cref="And"/>.</summary>
    public static ModelMatch Not(ModelMatch part) => new("not", "", [part]);

    /// <summary>
    /// How well a lower-case id matches; 0 means not at all. A fine-tuned model (<c>ft:base:org::id</c>) has its own price: only a clause that says
    /// <c>ft:</c> itself matches it, so that it is never billed as its base.
    /// </summary>
    public int Score(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.StartsWith(FineTunePrefix, StringComparison.Ordinal) && !SpeaksOfFineTunes() ? 0 : ScoreOf(id);
    }

    private int ScoreOf(string id) => _kind switch
    {
        "equals" => id == _text ? EqualScore : 0,
        "starts_with" => id.StartsWith(_text, StringComparison.Ordinal) ? _text.Length : 0,
        "ends_with" => id.EndsWith(_text, StringComparison.Ordinal) ? _text.Length : 0,
        "contains" => id.Contains(_text, StringComparison.Ordinal) ? _text.Length : 0,
        "regex" => _regex!.IsMatch(id) ? WeakScore : 0,
        "not" => _parts[0].ScoreOf(id) == 0 ? WeakScore : 0,
        "or" => _parts.Max(p => p.ScoreOf(id)),
        _ => _parts.All(p => p.ScoreOf(id) > 0) ? Math.Min(_parts.Sum(p => p.ScoreOf(id)), EqualScore) : 0,
    };

    private bool SpeaksOfFineTunes() => _text.Contains(FineTunePrefix, StringComparison.Ordinal) || _parts.Any(p => p.SpeaksOfFineTunes());

    private static IReadOnlyList<ModelMatch> NotEmpty(IReadOnlyList<ModelMatch> parts) =>
        parts.Count > 0 ? parts : throw new ArgumentException("at least one clause is needed");
}
