using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Telemetry.Alerting.Notify;
using Telemetry.Alerting.Read;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Client;
using Telemetry.Hosting.Observability;

namespace Telemetry.Alerting.Evaluate;

/// <summary>One round: every rule is evaluated, and what changes is told.</summary>
internal sealed partial class Round(ClickHouseClient client, AlertingOptions options, ILogger logger, TimeProvider time)
{
    private readonly RuleEvaluator _evaluator = new(client, options.StallAfter);
    private readonly WatermarkReader _watermark = new(client);
    private readonly ExemplarReader _exemplars = new(client);
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>Rules that could not be evaluated in the last round, and why.</summary>
    public IReadOnlyDictionary<string, string> Problems { get; private set; } = new Dictionary<string, string>();

    /// <summary>What a round over the rules changes; nothing is applied or recorded yet. A rule that fails leaves its incidents as they are.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked at all.</exception>
    public async Task<IReadOnlyList<IncidentChange>> RunAsync(AlertingSetup setup, IncidentBook book, Silences silences, CancellationToken cancellation)
    {
        using Activity? activity = TelemetryMeter.Activities.StartActivity("alerting round");
        long started = time.GetTimestamp();
        DateTimeOffset now = time.GetUtcNow();
        var moment = new Moment(now, await _watermark.ReadAsync(now, cancellation), IsLive: true);
        var changes = new List<IncidentChange>(book.EndWithout(setup.Rules.Rules.Select(r => r.Name).ToHashSet(StringComparer.Ordinal), now));
        _problems.Clear();
        foreach (Rule rule in setup.Rules.Rules)
        {
            changes.AddRange(await RunAsync(rule, setup, moment, book, silences, cancellation));
        }

        book.Tidy(now);
        Problems = new Dictionary<string, string>(_problems);
        AlertingMetrics.EvaluationDuration.Record(time.GetElapsedTime(started).TotalSeconds);
        activity?.SetTag("rules", setup.Rules.Rules.Count);
        activity?.SetTag("changes", changes.Count);
        return Grouped(changes);
    }

    private async Task<IReadOnlyList<IncidentChange>> RunAsync(
        Rule rule, AlertingSetup setup, Moment moment, IncidentBook book, Silences silences, CancellationToken cancellation)
    {
        try
        {
            Evaluation evaluation = await _evaluator.EvaluateAsync(rule, moment, cancellation);
            IReadOnlyList<IncidentChange> changes = book.Step(rule, evaluation, moment.Now, (severity, labels, open) => new Routing(
                Route.Targets(rule, severity, setup.Channels),
                silences.Holds(rule.Name, severity, labels.Values, moment.Now, setup.Rules.Maintenance),
                open is null ? null : silences.AcknowledgedBy(open.Id),
                Route.Acknowledging(setup.Channels)));
            return await WithExemplarsAsync(rule, evaluation, changes, cancellation);
        }
        catch (ClickHouseException e)
        {
            _problems[rule.Name] = e.Message;
            AlertingMetrics.RuleErrors.Add(1, new KeyValuePair<string, object?>("rule", rule.Name));
            LogRuleFailed(rule.Name, e.Message);
            return [];
        }
    }

    private async Task<IReadOnlyList<IncidentChange>> WithExemplarsAsync(Rule rule, Evaluation evaluation, IReadOnlyList<IncidentChange> changes, CancellationToken cancellation)
    {
        var samples = evaluation.Samples.ToDictionary(s => IncidentMachine.KeyOf(rule.Name, s.Labels));
        var complete = new List<IncidentChange>();
        foreach (IncidentChange change in changes)
        {
            complete.Add(change.OwesKind == NotificationKinds.Fired && samples.TryGetValue(change.After.Key, out Sample? sample)
                ? change with { After = change.After with { TraceIds = await _exemplars.ReadAsync(rule, sample, cancellation) } }
                : change);
        }

        return complete;
    }

    // What one rule tells in one round goes out together. The id follows from the changes, so that it is the same wherever it is made.
    private static List<IncidentChange> Grouped(List<IncidentChange> changes) =>
    [
        .. changes.Where(c => c.Owes.Count == 0),
        .. changes.Where(c => c.Owes.Count > 0).GroupBy(c => (c.After.Rule, c.OwesKind)).SelectMany(g =>
        {
            string id = IncidentMachine.Hash(g.Key.OwesKind + string.Concat(g.OrderBy(c => c.After.Id, StringComparer.Ordinal).Select(c => $"|{c.After.Id}/{c.After.Version}")));
            return g.Select(c => c with { GroupId = id });
        }),
    ];

    [LoggerMessage(LogLevel.Warning, "rule {Rule} could not be evaluated: {Reason}")]
    private partial void LogRuleFailed(string rule, string reason);
}
