using Telemetry.Alerting.Read;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Evaluate;

/// <summary>Looks at one rule at one moment.</summary>
internal sealed class RuleEvaluator(ClickHouseClient client, TimeSpan stallAfter)
{
    private readonly ThresholdEvaluator _thresholds = new(new MetricReader(client));
    private readonly SloEvaluator _slos = new(client);
    private readonly BudgetEvaluator _budgets = new(client);
    private readonly AnomalyEvaluator _anomalies = new(client);

    /// <summary>What there is to say. While the pipeline stands still nothing is said about calls: they are missing, not absent.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public Task<Evaluation> EvaluateAsync(Rule rule, Moment moment, CancellationToken cancellation) => rule.Condition switch
    {
        ThresholdCondition { Metric.Definition.Source: not MetricSource.Pipeline } or SloCondition when IsStalled(moment) => Task.FromResult(Evaluation.Nothing),
        ThresholdCondition t => _thresholds.EvaluateAsync(rule, t, moment, cancellation),
        SloCondition s => _slos.EvaluateAsync(rule, s, moment, cancellation),
        BudgetCondition b => _budgets.EvaluateAsync(rule, b, moment, cancellation),
        AnomalyCondition a => _anomalies.EvaluateAsync(rule, a, moment, cancellation),
        _ => throw new InvalidOperationException($"no evaluation for {rule.Condition.GetType().Name}"),
    };

    private bool IsStalled(Moment moment) => moment.Watermark is { } watermark && moment.Now - watermark > stallAfter;
}
