using Telemetry.Alerting.Evaluate;
using Telemetry.Alerting.Read;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.History;

/// <summary>What a rule would have done at a time.</summary>
/// <param name="At">When.</param>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Labels">Labels of the incident.</param>
/// <param name="Change">fired, resolved and the like.</param>
/// <param name="Severity">Severity.</param>
/// <param name="Text">What was measured.</param>
/// <param name="Notifies">Whether somebody would have been told.</param>
/// <param name="Silenced">Whether a silence or a maintenance window would have held that back.</param>
internal sealed record HistoryEvent(DateTimeOffset At, string Rule, IReadOnlyDictionary<string, string> Labels, string Change, string Severity, string Text, bool Notifies, bool Silenced);

/// <summary>Runs rules over what is in the tables, as if each step were now: what was late then is there already.</summary>
internal sealed class HistoryRun(ClickHouseClient client)
{
    // Somebody is told, whoever that is.
    private static readonly string[] s_somebody = ["somebody"];

    private readonly RuleEvaluator _evaluator = new(client, TimeSpan.MaxValue);

    /// <summary>Every change in order, and what is open at the end.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="from">First moment.</param>
    /// <param name="to">Last moment.</param>
    /// <param name="step">Time between evaluations.</param>
    /// <param name="holds">Whether notifications of a rule, a severity and labels were held back at a moment.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<HistoryEvent>> RunAsync(
        IReadOnlyList<Rule> rules, DateTimeOffset from, DateTimeOffset to, TimeSpan step, Func<Rule, string, Labels, DateTimeOffset, bool> holds, CancellationToken cancellation)
    {
        var events = new List<HistoryEvent>();
        var book = new IncidentBook();
        for (DateTimeOffset at = from; at <= to; at += step)
        {
            DateTimeOffset now = at;
            foreach (Rule rule in rules)
            {
                Evaluation evaluation = await _evaluator.EvaluateAsync(rule, new Moment(at, Watermark: null, IsLive: false), cancellation);
                foreach (IncidentChange change in book.Step(rule, evaluation, at, (severity, labels, _) => new Routing(s_somebody, holds(rule, severity, labels, now), AcknowledgedBy: null, [])))
                {
                    book.Apply(change.After);
                    events.Add(new HistoryEvent(at, rule.Name, change.After.Labels, change.What, change.After.Severity, change.After.Text, change.Owes.Count > 0, IsHeldBack(change)));
                }
            }

            book.Tidy(at);
        }

        return events;
    }

    private static bool IsHeldBack(IncidentChange change) => change.What == "fired" && change.After.Silenced;
}
