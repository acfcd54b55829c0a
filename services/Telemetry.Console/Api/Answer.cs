using System.Text.Json;
using Telemetry.Query.Ask;
using Telemetry.Query.Range;

namespace Telemetry.Console.Api;

/// <summary>What a route answers with.</summary>
internal abstract record Answer
{
    /// <summary>The range as it was resolved; null for answers without one.</summary>
    public TimeRange? Range { get; init; }

    /// <summary>What a reader should know beside the figures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Rows of one statement; the only kind that can be exported.</summary>
internal sealed record TableAnswer(Statement Statement) : Answer
{
    /// <summary>Width of the points of a series.</summary>
    public Step? Step { get; init; }

    /// <summary>The cursor of the next page.</summary>
    public Func<Result, string?> Next { get; init; } = _ => null;

    /// <summary>Whether the statement was written by the one who asks.</summary>
    public bool PeopleWrote { get; init; }
}

/// <summary>Several statements, each a part of the answer.</summary>
internal sealed record PartsAnswer(IReadOnlyList<Statement> Statements) : Answer
{
    /// <summary>Parts that are one object rather than a list.</summary>
    public IReadOnlyList<string> Single { get; init; } = [];

    /// <summary>The part that must have a row, else there is nothing of that name.</summary>
    public (string Part, string Missing)? Required { get; init; }

    /// <summary>Another order of a part's rows, with more fields.</summary>
    public IReadOnlyDictionary<string, Func<Result, IEnumerable<ArrangedRow>>> Arranged { get; init; } = new Dictionary<string, Func<Result, IEnumerable<ArrangedRow>>>();
}

/// <summary>An object that was made, or what became of what was said.</summary>
internal sealed record ObjectAnswer(int Status, Action<Utf8JsonWriter> Write) : Answer;
