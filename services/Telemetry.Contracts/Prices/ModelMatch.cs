using System.Text.RegularExpressions;

namespace Telemetry.Contracts.Prices;

/// <summary>
/// Which model ids an entry means. Ids are compared in lower case. The most specific match of a book wins: an equal id over any pattern, a longer
/// literal over a shorter one, so that <c>claude-sonnet-4-5</c> is never priced as <c>claude-sonnet-4</c>.
/// </summary>
public sealed class ModelMatch
{
    private const int EqualScore = 1_000_000;
    private const int RegexScore = 1;
    private static readonly TimeSpan RegexBound = TimeSpan.FromMilliseconds(50);

    private readonly string _kind;
    private readonly string _text;
    private readonly Regex? _regex;
    private readonly IReadOnlyList<ModelMatch> _parts;

    private ModelMatch(string kind, string text, IReadOnlyList<ModelMatch> parts)
    {
        _kind = kind;
        _text = text.ToLowerInvariant();
        _parts = parts;
        _regex = kind == "regex" ? new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, RegexBound) : null;
    }

    /// <summary>A clause over the id's text: equals, starts_with, ends_with, contains or regex.</summary>
    /// <exception cref="ArgumentException">The kind is none of these, or the regular expression is not valid.</exception>
    public static ModelMatch Literal(string kind, string text) => kind is "equals" or "starts_with" or "ends_with" or "contains" or "regex"
        ? new ModelMatch(kind, text, [])
        : throw new ArgumentException($"\"{kind}\" is no match clause; allowed: equals, starts_with, ends_with, contains, regex, or, and", nameof(kind));

    /// <summary>Any of the clauses.</summary>
    public static ModelMatch Or(IReadOnlyList<ModelMatch> parts) => new("or", "", parts);

    /// <summary>All of the clauses.</summary>
    public static ModelMatch And(IReadOnlyList<ModelMatch> parts) => new("and", "", parts);

    /// <summary>How well a lower-case id matches; 0 means not at all.</summary>
    public int Score(string id) => _kind switch
    {
        "equals" => id == _text ? EqualScore : 0,
        "starts_with" => id.StartsWith(_text, StringComparison.Ordinal) ? _text.Length : 0,
        "ends_with" => id.EndsWith(_text, StringComparison.Ordinal) ? _text.Length : 0,
        "contains" => id.Contains(_text, StringComparison.Ordinal) ? _text.Length : 0,
        "regex" => _regex!.IsMatch(id) ? RegexScore : 0,
        "or" => _parts.Max(p => p.Score(id)),
        _ => _parts.All(p => p.Score(id) > 0) ? _parts.Sum(p => p.Score(id)) : 0,
    };
}
