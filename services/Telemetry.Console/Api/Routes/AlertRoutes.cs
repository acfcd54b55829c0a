using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Telemetry.Alerting.Track;
using Telemetry.Hosting.Yaml;
using Telemetry.Query.Ask;
using Telemetry.Query.Page;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;

namespace Telemetry.Console.Api.Routes;

/// <summary>Anomalies, incidents, and what people say about them.</summary>
internal static class AlertRoutes
{
    private const string Tag = "Alerts";
    private const int UsualRows = 50;
    private const int LongestText = 500;
    private const int MostMatchers = 20;
    private const int SilenceIdLength = 12;

    private static readonly TimeSpan s_longestSilence = TimeSpan.FromDays(90);
    private static readonly ApiParameter s_incident = new("id", "Incident") { InPath = true };
    private static readonly Column[] s_acknowledged = [Column.Text("incident_id", "Incident"), Column.Text("acknowledged_by", "Who"), Column.Text("comment", "What for")];

    /// <summary>The routes.</summary>
    /// <param name="writer">Takes what people say; null when nothing is taken.</param>
    /// <param name="time">The clock.</param>
    public static IReadOnlyList<ApiRoute> All(PeopleStore? writer, TimeProvider time) =>
    [
        new(
            "GET", "/anomalies", "listAnomalies", Tag, "What the detection found, each as it stands now",
            [.. Parameters.Range, .. Parameters.Columns(AnomaliesQuestion.Filters), Parameters.SortBy(AnomaliesQuestion.Sorts), Parameters.Order, Parameters.Limit(UsualRows), Parameters.Cursor, Parameters.Format],
            AnswerShape.Table(AnomaliesQuestion.Columns), request => Anomalies(request)) { Description = "Those that were open at any time of the range; one day by default." },
        new(
            "GET", "/alerts", "listIncidents", Tag, "Incidents as they stand now",
            [.. Parameters.Range, .. Parameters.Columns(IncidentsQuestion.Filters), Parameters.SortBy(IncidentsQuestion.Sorts), Parameters.Order, Parameters.Limit(UsualRows), Parameters.Cursor, Parameters.Format],
            AnswerShape.Table(IncidentsQuestion.Columns), request => Incidents(request)) { Description = "Those that went on at any time of the range; one day by default." },
        new(
            "GET", "/alerts/{id}", "getIncident", Tag, "One incident, its changes and its notifications", [s_incident], AnswerShape.Of(IncidentsQuestion.AskOne(""), "incident"),
            request => new PartsAnswer(IncidentsQuestion.AskOne(request.Path("id"))) { Single = ["incident"], Required = ("incident", $"There is no incident {request.Path("id")}.") }),
        new(
            "POST", "/alerts/{id}/acknowledge", "acknowledgeIncident", Tag, "Says that somebody looks after an incident: it escalates no more", [s_incident], AnswerShape.Object(s_acknowledged),
            request => AcknowledgeAsync(request, writer))
        {
            Description = "The alerting takes it over in its next round.",
            Body = [("by", true, "Who looks after it", "ada"), ("comment", false, "What for", "rolling back")],
        },
        new("GET", "/silences", "listSilences", Tag, "Silences that have not ended", [Parameters.Format], AnswerShape.Table(IncidentsQuestion.OfSilences), _ => new TableAnswer(IncidentsQuestion.Silences())),
        new("POST", "/silences", "createSilence", Tag, "Holds notifications back. Incidents go on, and who was spared hears afterwards of what is not over", [], AnswerShape.Object(IncidentsQuestion.OfSilences), request => SilenceAsync(request, writer, time))
        {
            Body =
            [
                ("matchers", true, "Object: rule, severity or a label, and its pattern, where * stands for any text; all must match", """{"rule": "error-rate", "service": "checkout*"}"""),
                ("for", true, "How long, such as 30m, 2h, 3d; at most 90d", "2h"), ("by", true, "Who", "ada"), ("comment", true, "Why", "deploy"),
            ],
        },
        new(
            "DELETE", "/silences/{id}", "deleteSilence", Tag, "Ends a silence", [new("id", "Silence") { InPath = true }], AnswerShape.Object(Column.Text("silence_id", "Silence"), Column.Text("state", "removed")),
            request => UnsilenceAsync(request, writer)),
    ];

    private static TableAnswer Anomalies(ApiRequest request)
    {
        PageRequest page = request.Page("anomalies", AnomaliesQuestion.Sorts, UsualRows);
        TimeRange range = page.After?.Apply(request.Range("now-24h")) ?? request.Range("now-24h");
        return new TableAnswer(AnomaliesQuestion.Ask(range, request.Filters(AnomaliesQuestion.Filters), page)) { Range = range, Next = result => page.Next(result, AnomaliesQuestion.Ids, range) };
    }

    private static TableAnswer Incidents(ApiRequest request)
    {
        PageRequest page = request.Page("alerts", IncidentsQuestion.Sorts, UsualRows);
        TimeRange range = page.After?.Apply(request.Range("now-24h")) ?? request.Range("now-24h");
        return new TableAnswer(IncidentsQuestion.Ask(range, request.Filters(IncidentsQuestion.Filters), page)) { Range = range, Next = result => page.Next(result, IncidentsQuestion.Ids, range) };
    }

    private static async Task<Answer> AcknowledgeAsync(ApiRequest request, PeopleStore? writer)
    {
        PeopleStore store = Writer(request, writer);
        JsonElement body = await request.BodyAsync();
        string by = request.Scope.Actor ?? Text(body, "by", required: true);
        string comment = Text(body, "comment", required: false);
        string id = request.Path("id");
        ListedIncident incident = await store.FindAsync(id, request.Aborted) is { } found && found.Id == id ? found : throw new ProblemException(Problem.NotFound($"There is no incident {id}."));
        if (incident.State == "resolved")
        {
            throw new ProblemException(new Problem(StatusCodes.Status409Conflict, "conflict", "It is over", $"Incident {id} is over since {incident.ResolvedAt:u}.", []));
        }

        await store.AcknowledgeAsync(id, by, comment, request.Aborted);
        return new ObjectAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteString("incident_id", id);
            json.WriteString("acknowledged_by", by);
            json.WriteString("comment", comment);
        });
    }

    private static async Task<Answer> SilenceAsync(ApiRequest request, PeopleStore? writer, TimeProvider time)
    {
        PeopleStore store = Writer(request, writer);
        JsonElement body = await request.BodyAsync();
        string lasts = Text(body, "for", required: true);
        TimeSpan length = DurationText.Parse(lasts) is { } span && span > TimeSpan.Zero && span <= s_longestSilence
            ? span
            : throw new InvalidQueryException("for", lasts, "more than 0s, at most 90d, such as 30m, 2h or 3d");
        DateTimeOffset now = time.GetUtcNow();
        string id = IncidentMachine.Hash(Guid.NewGuid().ToString("N"))[..SilenceIdLength];
        var silence = new Silence(id, Matchers(body), now, now + length, request.Scope.Actor ?? Text(body, "by", required: true), Text(body, "comment", required: true));
        await store.NoteAsync(silence, removed: false, request.Aborted);
        return new ObjectAnswer(StatusCodes.Status201Created, json => Write(json, silence));
    }

    private static async Task<Answer> UnsilenceAsync(ApiRequest request, PeopleStore? writer)
    {
        PeopleStore store = Writer(request, writer);
        string id = request.Path("id");
        Silence silence = (await store.SilencesAsync(request.Aborted)).FirstOrDefault(s => s.Id == id) ?? throw new ProblemException(Problem.NotFound($"There is no silence {id} that has not ended."));
        await store.NoteAsync(silence, removed: true, request.Aborted);
        return new ObjectAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteString("silence_id", id);
            json.WriteString("state", "removed");
        });
    }

    private static PeopleStore Writer(ApiRequest request, PeopleStore? writer)
    {
        if (!request.Scope.MayWrite)
        {
            throw new ProblemException(Problem.Forbidden("Acknowledgements and silences are not taken here (Telemetry:Console:AllowWrites)"));
        }

        return writer ?? throw new ProblemException(Problem.Forbidden("Acknowledgements and silences are not taken here: no user who may write is set (Telemetry:Console:Writer:User)"));
    }

    private static Dictionary<string, string> Matchers(JsonElement body)
    {
        if (!body.TryGetProperty("matchers", out JsonElement matchers) || matchers.ValueKind != JsonValueKind.Object || !matchers.EnumerateObject().Any())
        {
            throw new InvalidQueryException("matchers", body.TryGetProperty("matchers", out JsonElement given) ? given.GetRawText() : "", "an object of names and patterns, at least one");
        }

        var patterns = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty matcher in matchers.EnumerateObject())
        {
            bool fine = matcher.Value.ValueKind == JsonValueKind.String && matcher.Value.GetString() is { Length: > 0 and <= LongestText } && matcher.Name.Length is > 0 and <= LongestText && patterns.Count < MostMatchers;
            patterns[matcher.Name] = fine ? matcher.Value.GetString()! : throw new InvalidQueryException($"matchers.{matcher.Name}", matcher.Value.GetRawText(), $"a text of 1 to {LongestText} characters, and at most {MostMatchers} of them");
        }

        // Everything at once is a mistake more often than a wish.
        return patterns.Values.All(p => p.All(c => c == '*'))
            ? throw new InvalidQueryException("matchers", matchers.GetRawText(), "at least one pattern that is more than *")
            : patterns;
    }

    private static string Text(JsonElement body, string name, bool required)
    {
        string text = body.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : "";
        return text.Length <= LongestText && (text.Length > 0 || !required)
            ? text
            : throw new InvalidQueryException(name, text, $"a text of {(required ? 1 : 0)} to {LongestText} characters");
    }

    private static void Write(Utf8JsonWriter json, Silence silence)
    {
        json.WriteString("silence_id", silence.Id);
        json.WritePropertyName("matchers");
        JsonCell.Write(json, silence.Matchers.ToDictionary());
        json.WriteString("starts_at", JsonCell.Moment(silence.StartsAt));
        json.WriteString("ends_at", JsonCell.Moment(silence.EndsAt));
        json.WriteString("created_by", silence.CreatedBy);
        json.WriteString("comment", silence.Comment);
    }
}
