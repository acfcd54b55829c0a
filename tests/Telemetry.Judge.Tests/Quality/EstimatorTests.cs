using FsCheck;
using FsCheck.Fluent;
using Telemetry.ClickHouse.Client;
using Telemetry.Judge.Tests.Support;
using Telemetry.SamplingQuality;

namespace Telemetry.Judge.Tests.Quality;

public sealed class EstimatorTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public void Totals_weighted_by_the_inverse_probability_are_unbiased_for_any_population_and_any_plan()
    {
        // Over all possible samples of up to eight calls, each weighted by how likely it is: the expectation is the truth, not merely near it.
        Gen<(double Score, double Probability)> call = from score in Gen.Choose(0, 4)
                                                       from probability in Gen.Choose(1, 20)
                                                       select (score / 4.0, probability / 20.0);
        Prop.ForAll(call.NonEmptyListOf().Where(l => l.Count <= 8).ToArbitrary(), calls =>
        {
            (double Score, double Probability)[] all = [.. calls];
            (double score, double count) = (0, 0);
            for (int sample = 0; sample < 1 << all.Length; sample++)
            {
                double likelihood = 1;
                var sums = new QualitySums();
                for (int i = 0; i < all.Length; i++)
                {
                    bool isIn = (sample >> i & 1) == 1;
                    likelihood *= isIn ? all[i].Probability : 1 - all[i].Probability;
                    if (isIn)
                    {
                        sums.Add(all[i]);
                    }
                }

                score += sums.Traces == 0 ? 0 : likelihood * sums.Mean * sums.Calls;
                count += likelihood * sums.Calls;
            }

            Assert.Equal(all.Sum(c => c.Score), score, 9);
            Assert.Equal(all.Length, count, 9);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_interval_holds_the_truth_as_often_as_it_says_and_weights_take_the_bias_away()
    {
        foreach (Scenario scenario in Scenario.All.Where(s => s.Calls <= 1000))
        {
            var random = new System.Random(7);
            (int held, int seen, double weighted, double plain, double width) = (0, 0, 0, 0, 0);
            for (int i = 0; i < 300; i++)
            {
                Drawn day = scenario.Draw(random);
                if (day.Judged == 0)
                {
                    continue;
                }

                (double low, double high) = Intervals.ShrunkStudent(day.Sums);
                seen++;
                held += low <= scenario.TrueMean && scenario.TrueMean <= high ? 1 : 0;
                weighted += day.Sums.Mean - scenario.TrueMean;
                plain += day.Plain - scenario.TrueMean;
                width += high - low;
            }

            // 95 % less four standard errors of 300 days; the bias is far within the interval.
            Assert.True(held >= 0.90 * seen, $"{scenario.Name}: {held} of {seen}");
            Assert.True(Math.Abs(weighted / seen) < 0.1 * width / seen, $"{scenario.Name}: {weighted / seen}");
            Assert.True(scenario.ErrorShare == 0 || Math.Abs(weighted) < Math.Abs(plain), scenario.Name);
        }
    }

    [Fact]
    public async Task The_view_says_what_the_formula_says()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await client.ExecuteAsync(
            """
            INSERT INTO llm_judge_requests (window_start, trace_id, span_id, rubric, call_at, tenant, service, prompt_name, prompt_version, model, probability_sampled, probability)
            SELECT now(), toString(intDiv(number, 3)), toString(number), 'relevance', now64(9), 't', 's', 'p', '1', 'm', 1, if(number % 5 = 0, 1, 0.1) FROM numbers(90)
            """, null, _cancellation);
        await client.ExecuteAsync(
            """
            INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value, error_type, probability, rubric_version, judge_model)
            SELECT now64(9), trace_id, span_id, tenant, service, rubric, 'judge', if(toUInt32(span_id) % 11 = 0, NULL, (toUInt32(span_id) * 7 % 5) / 4), if(toUInt32(span_id) % 11 = 0, 'invalid_answer', ''), probability, '1', 'j'
            FROM llm_judge_requests
            """, null, _cancellation);
        var sums = new QualitySums();
        for (int trace = 0; trace < 30; trace++)
        {
            sums.Add(Enumerable.Range(trace * 3, 3).Where(n => n % 11 != 0).Select(n => (n * 7 % 5 / 4.0, n % 5 == 0 ? 1.0 : 0.1)));
        }

        (double low, double high) = Intervals.ShrunkStudent(sums);
        ClickHouseRow row = Assert.Single((await client.QueryAsync("SELECT * FROM llm_quality", null, _cancellation)).Rows);
        Assert.Equal((81, 9, 30), (row.GetInt64("scores"), row.GetInt64("failed"), row.GetInt64("traces")));
        Assert.Equal(sums.Calls, row.GetDouble("answers"), 9);
        Assert.Equal(sums.Mean, row.GetDouble("mean"), 9);
        Assert.Equal(sums.EffectiveTraces, row.GetDouble("effective"), 9);
        Assert.Equal((Math.Round(low, 5), Math.Round(high, 5)), (Math.Round(row.GetDouble("low"), 5), Math.Round(row.GetDouble("high"), 5)));
    }

    [Fact]
    public async Task One_judged_call_gives_a_wide_interval_and_no_error()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await client.ExecuteAsync("INSERT INTO llm_judge_requests (window_start, trace_id, span_id, rubric, call_at, probability_sampled, probability) SELECT now(), 'a', 'b', 'safety', now64(9), 0.5, 0.5", null, _cancellation);
        await client.ExecuteAsync("INSERT INTO llm_scores (ts, trace_id, span_id, name, source, value, probability) SELECT now64(9), 'a', 'b', 'safety', 'judge', 1, 0.5", null, _cancellation);
        ClickHouseRow row = Assert.Single((await client.QueryAsync("SELECT mean, low, high FROM llm_quality", null, _cancellation)).Rows);
        Assert.Equal(1, row.GetDouble("mean"));
        Assert.InRange(row.GetDouble("low"), 0, 0.5);
        Assert.Equal(1, row.GetDouble("high"), 6);
    }
}
