using Telemetry.Alerting.Evaluate;

namespace Telemetry.Alerting.Read;

/// <summary>Reads what a rule looks at: one of <c>metric</c>, <c>slo</c>, <c>budget</c>, <c>anomaly</c>.</summary>
internal static class ConditionReader
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(31);
    private static readonly string[] s_kinds = ["metric", "slo", "budget", "anomaly"];

    public static Condition? Read(YamlFields fields)
    {
        string[] given = [.. s_kinds.Where(fields.Has)];
        if (given.Length != 1)
        {
            // So that they are not told to be unknown as well.
            foreach (string field in (string[])["operator", "threshold", "window", "divide_by", "compare", "resolve_threshold", "min_samples", "at_usual_hours", "score", "flags"])
            {
                fields.Has(field);
            }

            fields.File.NoteAt(fields.Node, $"exactly one of {string.Join(", ", s_kinds)} is needed; found: {(given.Length == 0 ? "none" : string.Join(", ", given))}");
            return null;
        }

        return given[0] == "metric" ? ReadThreshold(fields) : fields.File.Fields(fields.Find(given[0])!, given[0]) is { } inner ? ReadInner(given[0], inner) : null;
    }

    private static Condition? ReadInner(string kind, YamlFields fields)
    {
        Condition? condition = kind switch
        {
            "slo" => ReadSlo(fields),
            "budget" => ReadBudget(fields),
            _ => new AnomalyCondition
            {
                MinSeverity = fields.Take("min_severity", v => Severities.All.Contains(v) ? v : null, string.Join(", ", Severities.All)) ?? Severities.Warning,
                Metrics = fields.List("metrics", v => v.Length > 0 ? v : null, "names of metrics of the detection"),
            },
        };
        fields.RefuseUnknown();
        return condition;
    }

    private static ThresholdCondition? ReadThreshold(YamlFields fields)
    {
        MetricUse? metric = ReadMetric(fields, "metric");
        MetricUse? divideBy = fields.Has("divide_by") ? ReadMetric(fields, "divide_by") : null;
        Operator? side = fields.Take("operator", ParseOperator, "\">\", \">=\", \"<\", \"<=\"");
        double? threshold = fields.Number("threshold");
        TimeSpan? window = fields.Duration("window", TimeSpan.FromSeconds(10), LongestWindow);
        (TimeSpan? ago, Comparison comparison) = ReadComparison(fields);
        double? resolve = fields.Number("resolve_threshold");
        double? samples = fields.Number("min_samples", 0, 1e12);
        bool? usual = fields.Take("at_usual_hours", v => v switch { "true" => true, "false" => false, _ => (bool?)null }, "true, false");
        if (usual is not null && metric is { Definition.Source: not MetricSource.Silence })
        {
            fields.File.Note(fields.Find("at_usual_hours")!, "at_usual_hours", "with the metric silence");
        }

        foreach (string missing in (string[])[.. fields.Has("operator") ? [] : (string[])["operator"], .. fields.Has("threshold") ? [] : (string[])["threshold"], .. fields.Has("window") ? [] : (string[])["window"]])
        {
            fields.File.NoteAt(fields.Node, $"{missing} is missing");
        }

        if (metric is null || side is null || threshold is null)
        {
            return null;
        }

        CheckResolve(fields, side.Value, threshold.Value, resolve);
        return new ThresholdCondition
        {
            Metric = metric,
            DivideBy = divideBy,
            Operator = side.Value,
            Threshold = threshold.Value,
            ResolveThreshold = resolve,
            Window = window ?? TimeSpan.FromMinutes(5),
            ComparedTo = ago,
            Comparison = comparison,
            AtUsualHours = usual ?? false,
            MinSamples = (long)(samples ?? (metric.Definition.IsAdditive ? 0 : 1)),
        };
    }

    private static void CheckResolve(YamlFields fields, Operator side, double threshold, double? resolve)
    {
        bool above = side is Operator.Above or Operator.AtLeast;
        if (resolve is { } value && (above ? value > threshold : value < threshold))
        {
            fields.File.Note(fields.Find("resolve_threshold")!, "resolve_threshold", above ? "not above threshold" : "not below threshold");
        }
    }

    private static MetricUse? ReadMetric(YamlFields fields, string field)
    {
        MetricDefinition? definition = fields.Take(field, MetricCatalog.Find, string.Join(", ", MetricCatalog.All.Select(m => m.Name)));
        if (definition is null)
        {
            return null;
        }

        IReadOnlyList<string> flags = fields.List("flags", v => v.Length > 0 ? v : null, "flags of calls, or their beginnings");
        if (definition.Name.StartsWith("flagged", StringComparison.Ordinal) && flags.Count == 0)
        {
            fields.File.NoteAt(fields.Node, $"flags is missing, which {definition.Name} needs; allowed: flags of calls, or their beginnings");
        }

        if (definition.Source is not (MetricSource.Scores or MetricSource.Agreement) || (definition.Source == MetricSource.Agreement && !fields.Has("score")))
        {
            return new MetricUse(definition, [], [], null, flags);
        }

        if (fields.Find("score") is not { } node || fields.File.Fields(node, "score") is not { } score)
        {
            fields.File.NoteAt(fields.Node, $"score is missing, which {definition.Name} needs; allowed: name, labels, at_least");
            return null;
        }

        var use = new MetricUse(
            definition, score.List("name", v => v.Length > 0 ? v : null, "names of judgements"), score.List("labels", v => v.Length > 0 ? v : null, "labels that count as passed"),
            score.Number("at_least"), []);
        score.RefuseUnknown();
        return use;
    }

    private static (TimeSpan? Ago, Comparison Comparison) ReadComparison(YamlFields fields)
    {
        if (fields.Find("compare") is not { } node || fields.File.Fields(node, "compare") is not { } compare)
        {
            return (null, Comparison.Ratio);
        }

        TimeSpan ago = compare.Take(
            "with", v => v switch { "last_week" => TimeSpan.FromDays(7), "yesterday" => TimeSpan.FromDays(1), _ => DurationText.Parse(v) },
            "last_week, yesterday, or how long ago, such as 1h") ?? TimeSpan.FromDays(7);
        Comparison comparison = compare.Take("as", v => v switch { "ratio" => Comparison.Ratio, "difference" => (Comparison?)Comparison.Difference, _ => null }, "ratio, difference") ?? Comparison.Ratio;
        compare.RefuseUnknown();
        return (ago, comparison);
    }

    private static SloCondition ReadSlo(YamlFields fields)
    {
        var slo = new SloCondition
        {
            Objective = fields.Number("objective", 0.5, 0.99999) ?? 0.99,
            TtftBelow = fields.Duration("ttft_below", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)),
            MinSamples = (long)(fields.Number("min_samples", 0, 1e12) ?? 100),
        };
        if (!fields.Has("objective"))
        {
            fields.File.NoteAt(fields.Node, "objective is missing; allowed: 0.5 to 0.99999, such as 99.9%");
        }

        IReadOnlyList<BurnRate> rates = [.. fields.Items("burn_rates").Select(ReadBurnRate)];
        return rates.Count > 0 ? slo with { BurnRates = rates } : slo;
    }

    private static BurnRate ReadBurnRate(YamlFields fields)
    {
        var rate = new BurnRate(
            fields.Required("name", RuleReader.Name, "a name"),
            fields.Duration("long", TimeSpan.FromMinutes(1), LongestWindow) ?? TimeSpan.FromHours(1),
            fields.Duration("short", TimeSpan.FromMinutes(1), LongestWindow) ?? TimeSpan.FromMinutes(5),
            fields.Number("factor", 0.01, 10_000) ?? 1,
            fields.Take("severity", v => Severities.All.Contains(v) ? v : null, string.Join(", ", Severities.All)) ?? Severities.Critical);
        fields.RefuseUnknown();
        return rate;
    }

    private static BudgetCondition ReadBudget(YamlFields fields)
    {
        double? amount = fields.Number("amount", 0.000001, 1e12);
        if (amount is null && !fields.Has("amount"))
        {
            fields.File.NoteAt(fields.Node, "amount is missing; allowed: US dollars");
        }

        return new BudgetCondition
        {
            Amount = (decimal)(amount ?? 1),
            Monthly = fields.Take("per", v => v switch { "month" => true, "day" => false, _ => (bool?)null }, "day, month") ?? false,
            TimeZone = fields.Take("time_zone", TimeZones.Find, "a time zone of the IANA database, such as Europe/Berlin or UTC") ?? TimeZoneInfo.Utc,
            At = fields.Number("at", 0.01, 10) ?? 1,
            Forecast = fields.Take("forecast", v => v switch { "true" => true, "false" => false, _ => (bool?)null }, "true, false") ?? false,
        };
    }

    private static Operator? ParseOperator(string text) => text switch
    {
        ">" => Operator.Above,
        ">=" => Operator.AtLeast,
        "<" => Operator.Below,
        "<=" => Operator.AtMost,
        _ => null,
    };
}
