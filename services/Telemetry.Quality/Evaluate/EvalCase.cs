using System.Text.Json;

namespace Telemetry.Quality.Evaluate;

/// <summary>One case of a golden set: what to ask, and what must hold of the answer.</summary>
public sealed record EvalCase
{
    /// <summary>Unique within the set; cases of two runs are paired by it.</summary>
    public required string Id { get; init; }

    /// <summary>Line in the file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Messages of OpenAI's chat completions, without those of a prompt file.</summary>
    public required JsonElement Messages { get; init; }

    /// <summary>Tools offered, as OpenAI's API takes them; undefined when there are none.</summary>
    public JsonElement Tools { get; init; }

    /// <summary>Values for the places of a prompt file.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>What the answer may rest on, for rubrics that ask for it; null when there is none.</summary>
    public string? Context { get; init; }

    /// <summary>An answer that is known to be right; null when there is none.</summary>
    public string? Reference { get; init; }

    /// <summary>Whether a failure is a regression whatever the statistics say.</summary>
    public bool MustPass { get; init; }

    /// <summary>What must hold.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>The lowest score, 0 to 1, by rubric.</summary>
    public IReadOnlyDictionary<string, double> Rubrics { get; init; } = new Dictionary<string, double>();
}

/// <summary>A golden set that cannot be used.</summary>
public sealed class EvalSetException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problems">Each with its line, field, value and what is allowed.</param>
    public EvalSetException(string file, IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems.Select(p => $"{file}:{p}")))
    {
    }
}
