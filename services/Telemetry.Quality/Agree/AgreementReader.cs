using Telemetry.ClickHouse.Client;

namespace Telemetry.Quality.Agree;

/// <summary>How far judges agree with people.</summary>
public sealed class AgreementReader(ClickHouseClient client)
{
    private const int MostPairs = 200_000;

    // A scale of more steps is none that people rate on: such numbers are compared by correlation alone.
    private const int MostCategories = 25;

    /// <summary>Agreement of each judge by rubric, version and model.</summary>
    /// <param name="rubric">Only this rubric; all when empty.</param>
    /// <param name="from">Only what people said since then.</param>
    /// <param name="onlyRandom">Only items that were chosen without looking at a score.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<Agreement>> ReadAsync(string rubric, DateTimeOffset from, bool onlyRandom, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT name, rubric_version, judge_model, judge_value, human_value, judge_label, human_label
            FROM llm_judge_human_pairs
            WHERE ts >= {from:DateTime64(3)} AND ({rubric:String} = '' OR name = {rubric:String}) AND (NOT {only_random:Bool} OR is_random)
            ORDER BY ts DESC
            LIMIT {most:UInt32}
            """;
        ClickHouseResult result = await client.QueryAsync(
            Sql, new Dictionary<string, object?> { ["from"] = from, ["rubric"] = rubric, ["only_random"] = onlyRandom, ["most"] = MostPairs }, cancellation);
        return
        [
            .. result.Rows
                .GroupBy(r => (Rubric: r.GetString("name"), Version: r.GetString("rubric_version"), Model: r.GetString("judge_model")))
                .OrderBy(g => g.Key)
                .Select(g => Measure(g.Key.Rubric, g.Key.Version, g.Key.Model, [.. g])),
        ];
    }

    private static Agreement Measure(string rubric, string version, string model, List<ClickHouseRow> rows)
    {
        List<(double Judge, double Human)> values = [.. rows.Where(r => !r.IsNull("judge_value") && !r.IsNull("human_value")).Select(r => (r.GetDouble("judge_value"), r.GetDouble("human_value")))];
        List<(string Judge, string Human)> labels = [.. rows.Where(r => r.GetString("judge_label").Length > 0 && r.GetString("human_label").Length > 0).Select(r => (r.GetString("judge_label"), r.GetString("human_label")))];

        // Numbers tell how far two opinions lie apart; labels only whether they are the same.
        bool isScale = values.Count > 0 && values.SelectMany(v => (double[])[v.Judge, v.Human]).Distinct().Count() <= MostCategories;
        ContingencyTable? table = isScale ? ContingencyTable.Of(values) : values.Count == 0 && labels.Count > 0 ? ContingencyTable.Of(labels) : null;
        return new Agreement(
            rubric, version, model, rows.Count, table, table is null ? null : Kappa.Of(table, KappaWeights.Nominal), isScale ? Kappa.Of(table!, KappaWeights.Quadratic) : null, Correlations.Of(values),
            values.Count > 0 ? values.Average(v => v.Judge - v.Human) : null);
    }
}

/// <summary>How far one judge agrees with people.</summary>
/// <param name="Rubric">What was judged.</param>
/// <param name="RubricVersion">Version of the rubric; empty when not told.</param>
/// <param name="JudgeModel">The model that judged; empty when not told.</param>
/// <param name="Pairs">Answers that both judged.</param>
/// <param name="Table">Judge's opinions against people's; null where there is neither a scale nor labels.</param>
/// <param name="Kappa">Cohen's kappa over the table's categories.</param>
/// <param name="WeightedKappa">With quadratic weights; null for labels.</param>
/// <param name="Correlations">Of the numbers.</param>
/// <param name="Bias">Judge's mean less people's; positive when the judge is kinder. Null without numbers.</param>
public sealed record Agreement(
    string Rubric, string RubricVersion, string JudgeModel, int Pairs, ContingencyTable? Table, Kappa? Kappa, Kappa? WeightedKappa, Correlations Correlations, double? Bias);
