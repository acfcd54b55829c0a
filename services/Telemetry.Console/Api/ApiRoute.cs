using Telemetry.Query.Ask;

namespace Telemetry.Console.Api;

/// <summary>One route of the API: what it is called, what it takes, what it answers with, and how it answers. The description of the API is made of these alone.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path below <c>/api/v1</c>.</param>
/// <param name="Id">Stable name for clients that are made from the description.</param>
/// <param name="Tag">Chapter.</param>
/// <param name="Summary">What it answers, in a line.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Answers">What it answers with.</param>
/// <param name="Handle">How.</param>
internal sealed record ApiRoute(
    string Method, string Path, string Id, string Tag, string Summary, IReadOnlyList<ApiParameter> Parameters, AnswerShape Answers, Func<ApiRequest, Task<Answer>> Handle)
{
    /// <summary>A route that has nothing to wait for before it asks.</summary>
    public ApiRoute(string method, string path, string id, string tag, string summary, IReadOnlyList<ApiParameter> parameters, AnswerShape answers, Func<ApiRequest, Answer> handle)
        : this(method, path, id, tag, summary, parameters, answers, request => Task.FromResult(handle(request)))
    {
    }

    /// <summary>Where the API begins.</summary>
    public const string Root = "/api/v1";

    /// <summary>More about it.</summary>
    public string Description { get; init; } = "";

    /// <summary>Parameters of any name that begins so are taken too.</summary>
    public string? FreeParameters { get; init; }

    /// <summary>Fields of the body: name, whether it must be there, description, example.</summary>
    public IReadOnlyList<(string Name, bool Required, string Description, string Example)> Body { get; init; } = [];

    /// <summary>Whether it changes something.</summary>
    public bool Writes => Method is "POST" or "DELETE" && !ReadsByPost;

    /// <summary>It takes a body and changes nothing.</summary>
    public bool ReadsByPost { get; init; }
}

/// <summary>What a route answers with.</summary>
/// <param name="Columns">Of a table; null when the rows depend on the question.</param>
/// <param name="Parts">Of an answer of parts: name, columns, whether it is one object.</param>
/// <param name="IsTable">Whether it is a table, which can be exported.</param>
internal sealed record AnswerShape(IReadOnlyList<Column>? Columns, IReadOnlyList<(string Name, IReadOnlyList<Column> Columns, bool Single)> Parts, bool IsTable)
{
    /// <summary>Rows with these columns.</summary>
    public static AnswerShape Table(IReadOnlyList<Column>? columns) => new(columns, [], true);

    /// <summary>The parts of these statements.</summary>
    public static AnswerShape Of(IReadOnlyList<Statement> statements, params IReadOnlyList<string> single) =>
        new(null, [.. statements.Select(s => (s.Name, s.Columns, single.Contains(s.Name)))], false);

    /// <summary>One object with these fields.</summary>
    public static AnswerShape Object(params IReadOnlyList<Column> columns) => new(columns, [], false);
}
