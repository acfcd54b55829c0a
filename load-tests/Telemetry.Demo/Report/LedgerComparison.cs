using Telemetry.Demo.Provider;

namespace Telemetry.Demo.Report;

/// <summary>Holds what ClickHouse knows against the provider's own ledger.</summary>
internal static class LedgerComparison
{
    /// <summary>One line for each figure that differs; none when all agree.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyCollection<LedgerEntry> ledger, IReadOnlyList<ModelRow> rows)
    {
        var differences = new List<string>();
        foreach (string model in ledger.Select(e => e.Model).Union(rows.Select(r => r.Model)).Order(StringComparer.Ordinal))
        {
            LedgerEntry[] served = [.. ledger.Where(e => e.Model == model)];
            ModelRow? row = rows.FirstOrDefault(r => r.Model == model);
            Compare(differences, model, "calls", served.Length, row?.Calls);
            Compare(differences, model, "errors", served.Count(e => e.IsError), row?.Errors);
            Compare(differences, model, "input tokens", served.Sum(e => e.InputTokens), row?.InputTokens);
            Compare(differences, model, "cached tokens", served.Sum(e => e.CachedTokens), row?.CachedTokens);
            Compare(differences, model, "output tokens", served.Sum(e => e.OutputTokens), row?.OutputTokens);
        }

        return differences;
    }

    private static void Compare(List<string> differences, string model, string what, long served, long? stored)
    {
        if (served != (stored ?? 0))
        {
            differences.Add($"{model}: the provider served {served} {what}, ClickHouse has {stored ?? 0}");
        }
    }
}
