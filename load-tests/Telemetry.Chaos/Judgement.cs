using System.Globalization;

namespace Telemetry.Chaos;

/// <summary>Compares the ledger with what ClickHouse has.</summary>
internal sealed class Judgement(ILayout layout, Ledger ledger, IReadOnlyDictionary<string, int> kills)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>The verdict as of now.</summary>
    public async Task<Verdict> JudgeAsync(CancellationToken cancellation)
    {
        var lines = new List<VerdictLine>
        {
            await JudgeRowsAsync("llm_calls", "SELECT trace_id, span_id, sum(sign) AS n FROM llm_calls WHERE service = 'chaos' GROUP BY trace_id, span_id HAVING n != 0", Sender.CallsInTrace, cancellation),
            await JudgeRowsAsync("llm_spans", "SELECT trace_id, span_id, count() AS n FROM llm_spans WHERE service = 'chaos' GROUP BY trace_id, span_id", 1, cancellation),
        };
        string[] calls = (await AskAsync("SELECT sum(sign), sum(sign * input_tokens), toString(sum(toDecimal128(cost_usd, 12) * sign)) FROM llm_calls WHERE service = 'chaos'", cancellation)).Split('\t');
        foreach (string rollup in (string[])["llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d"])
        {
            string[] sums = (await AskAsync($"SELECT sum(calls), sum(input_tokens), toString(sum(cost_usd)) FROM {rollup} WHERE service = 'chaos'", cancellation)).Split('\t');
            long difference = Number(sums[0]) - Number(calls[0]);
            bool agrees = sums.SequenceEqual(calls);
            lines.Add(new VerdictLine(rollup, Number(calls[0]), Number(sums[0]), agrees ? 0 : Math.Max(1, -difference), agrees ? 0 : Math.Max(0, difference)));
        }

        string[] letters = (await AskAsync("SELECT record FROM dead_letters_now", cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Add(new VerdictLine("dead_letters_now", ledger.Poison.Count, letters.Length, ledger.Poison.Except(letters).Count(), letters.Length - letters.Distinct().Count()));
        return new Verdict(layout.Name, kills, ledger.Sent, ledger.Acknowledged, ledger.Retries, ledger.Duplicates, ledger.Poison.Count, ledger.Freezes, lines);
    }

    private async Task<VerdictLine> JudgeRowsAsync(string table, string sql, int rowsInTrace, CancellationToken cancellation)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        long twice = 0;
        long rows = 0;
        foreach (string line in (await AskAsync(sql, cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split('\t');
            long n = Number(fields[2]);
            rows += n;
            twice += Math.Max(0, n - 1);
            found[fields[0]] = found.GetValueOrDefault(fields[0]) + 1;
        }

        // More spans of a trace than were ever sent as such are double too: a wrapper that stayed billed.
        long lost = ledger.AcknowledgedTraces.Sum(t => Math.Max(0, rowsInTrace - found.GetValueOrDefault(t)));
        twice += found.Where(f => ledger.IsAcknowledged(f.Key) == true).Sum(f => Math.Max(0, f.Value - rowsInTrace));
        return new VerdictLine(table, (long)ledger.Acknowledged * rowsInTrace, rows, lost, twice);
    }

    private async Task<string> AskAsync(string sql, CancellationToken cancellation)
    {
        using var content = new StringContent(sql);
        using HttpResponseMessage answer = await Http.PostAsync(new Uri(layout.ClickHouse!, "/?database=telemetry"), content, cancellation);
        string text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? text.TrimEnd('\n') : throw new InvalidOperationException(text);
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
