using FsCheck;
using FsCheck.Fluent;
using Telemetry.Judge.Sample;
using Telemetry.Judge.Tests.Support;

namespace Telemetry.Judge.Tests.Sample;

public sealed class SamplingPlanTests
{
    private static readonly SamplingRule s_all = Sampling.Rule("errors", 1);
    private static readonly SamplingRule s_tenth = Sampling.Rule("default", 0.1, 20);

    [Fact]
    public void Without_pressure_each_stratum_has_what_its_rule_asks_for()
    {
        (IReadOnlyList<PlannedStratum> plan, double pressure) = SamplingPlan.Of([Sampling.Stratum(s_all, 50), Sampling.Stratum(s_tenth, 1000, 5000)], double.MaxValue);
        Assert.Equal([1.0, 0.1], plan.Select(p => p.Probability));
        Assert.Equal(1, pressure);
    }

    [Fact]
    public void A_rare_stratum_is_seen_by_its_floor()
    {
        (IReadOnlyList<PlannedStratum> plan, _) = SamplingPlan.Of([Sampling.Stratum(s_tenth, 5), Sampling.Stratum(s_tenth, 1, 49)], double.MaxValue);
        Assert.Equal([1, 0.4], plan.Select(p => p.Probability));
    }

    [Fact]
    public void Pressure_lowers_shares_by_one_factor_before_it_touches_floors()
    {
        (IReadOnlyList<PlannedStratum> plan, double pressure) = SamplingPlan.Of([Sampling.Stratum(s_all, 100), Sampling.Stratum(s_tenth, 1000, 9000), Sampling.Stratum(Sampling.Rule("floor", 0.1, 10), 10, 10)], 55);
        Assert.Equal(0.25, plan[0].Probability, 6);
        Assert.Equal(0.025, plan[1].Probability, 6);
        Assert.Equal(0.5, plan[2].Probability, 6);
        Assert.Equal(55 / 205.0, pressure, 6);
    }

    [Fact]
    public void What_the_rules_ask_for_fits_the_allowance_and_no_stratum_goes_unseen()
    {
        Gen<Stratum> stratum = from share in Gen.Choose(0, 100)
                               from floor in Gen.Choose(0, 100)
                               from answered in Gen.Choose(0, 10_000)
                               from day in Gen.Choose(0, 100_000)
                               from rubrics in Gen.Choose(1, 4)
                               select Sampling.Stratum(Sampling.Rule("r", share / 100.0, floor, [.. Enumerable.Range(0, rubrics).Select(i => $"r{i}")]), answered, day);
        Prop.ForAll(stratum.ListOf().ToArbitrary(), Gen.Choose(0, 20_000).ToArbitrary(), (strata, allowance) =>
        {
            (IReadOnlyList<PlannedStratum> plan, double pressure) = SamplingPlan.Of([.. strata], allowance);
            Assert.True(plan.Sum(p => p.Probability * p.Stratum.Answered * p.Stratum.Rule.Rubrics.Count) <= allowance + 1e-6);
            Assert.InRange(pressure, 0, 1 + 1e-9);
            Assert.All(plan, p => Assert.True(p.Probability <= p.Share + 1e-12));
            Assert.All(plan.Where(p => p.Share > 0 && p.Stratum.Answered > 0 && allowance > 0), p => Assert.True(p.Probability > 0));

            // More money never lowers a probability.
            (IReadOnlyList<PlannedStratum> richer, _) = SamplingPlan.Of([.. strata], allowance * 2);
            Assert.All(plan.Zip(richer), pair => Assert.True(pair.Second.Probability >= pair.First.Probability - 1e-9));
        }).QuickCheckThrowOnFailure();
    }
}
