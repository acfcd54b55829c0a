using Telemetry.Query.Page;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;

namespace Telemetry.Console.Api.Routes;

/// <summary>How the pipeline itself is.</summary>
internal static class PipelineRoutes
{
    private const string Tag = "Pipeline";
    private const int UsualRows = 50;

    private static readonly TimeRange s_anyRange = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), TimeZoneInfo.Utc, DateTimeOffset.UnixEpoch.AddDays(1));
    private static readonly string[] s_single = ["written", "freshness", "trouble"];

    /// <summary>The routes.</summary>
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new(
            "GET", "/pipeline", "getPipeline", Tag, "Lag, freshness, batches, dead letters, what could not be priced, what is owed", Parameters.Range,
            AnswerShape.Of(PipelineQuestion.Ask(s_anyRange), s_single), request => Pipeline(request))
        {
            Description = "What Collectors refused is no row anywhere: /metrics of each Collector counts it (telemetry_collector_requests_total, telemetry_collector_rejected_total).",
        },
        new(
            "GET", "/dead-letters", "listDeadLetters", Tag, "Records that could not be decoded, each once",
            [.. Parameters.Range, Parameters.Order, Parameters.Limit(UsualRows), Parameters.Cursor, Parameters.Format], AnswerShape.Table(PipelineQuestion.DeadLetterColumns), request => DeadLetters(request)),
    ];

    private static PartsAnswer Pipeline(ApiRequest request)
    {
        TimeRange range = request.Range();
        return new PartsAnswer(PipelineQuestion.Ask(range)) { Range = range, Single = s_single };
    }

    private static TableAnswer DeadLetters(ApiRequest request)
    {
        PageRequest page = request.Page("dead-letters", PipelineQuestion.DeadLetterSorts, UsualRows);
        TimeRange range = page.After?.Apply(request.Range("now-7d")) ?? request.Range("now-7d");
        return new TableAnswer(PipelineQuestion.DeadLetters(range, page)) { Range = range, Next = result => page.Next(result, PipelineQuestion.DeadLetterIds, range) };
    }
}
