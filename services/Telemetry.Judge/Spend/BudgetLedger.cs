using System.Globalization;
using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Claims;
using Telemetry.ClickHouse.Client;
using Telemetry.Judge.Ask;

namespace Telemetry.Judge.Spend;

/// <summary>
/// Holds a day's spending within its budget, whatever is killed when. The most that a request can cost is recorded before it is sent, then the claim is asked for: so
/// whoever takes over later finds every request that was or may still be sent. What was not settled counts in full for ever. Thread-safe.
/// </summary>
internal sealed partial class BudgetLedger(ClickHouseClient client, decimal budgetUsd, ILogger logger, TimeProvider time) : IJudgeBudget
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateOnly Day, decimal WorstUsd)> _open = new(StringComparer.Ordinal);
    private List<SettledRequest> _unwritten = [];
    private DateOnly _day;
    private decimal _spentUsd;
    private Func<CancellationToken, Task>? _check;
    private Claim? _claim;

    /// <summary>US dollars of today that are spent or set aside.</summary>
    public decimal SpentUsd
    {
        get
        {
            lock (_lock)
            {
                TurnDay();
                return _spentUsd;
            }
        }
    }

    /// <summary>US dollars of today that are left.</summary>
    public decimal LeftUsd => Math.Max(0, budgetUsd - SpentUsd);

    /// <summary>Whether the last request was turned down for want of money; false again with the next day.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Why spending cannot be recorded; null when it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads what has been spent; from now on this claim's holder spends.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="check">Throws when the claim does not hold any more.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>When requests of the last minute were begun, for the limit on them.</returns>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<DateTimeOffset>> LoadAsync(Claim claim, Func<CancellationToken, Task> check, CancellationToken cancellation)
    {
        DateOnly day = Today;
        ClickHouseResult spent = await client.QueryAsync(
            "SELECT toDecimal128(sum(spent_usd), 12) AS usd FROM llm_judge_budget WHERE day = {day:Date}", new Dictionary<string, object?> { ["day"] = day }, cancellation);
        ClickHouseResult begun = await client.QueryAsync(
            "SELECT at FROM llm_judge_spend WHERE kind = 'reserved' AND day >= {day:Date} - 1 AND at > now64(3, 'UTC') - INTERVAL 1 MINUTE ORDER BY at", new Dictionary<string, object?> { ["day"] = day }, cancellation);
        lock (_lock)
        {
            // What is under way under an earlier claim is in what was read, and is settled as it ends.
            (_day, _spentUsd, _claim, _check, IsExhausted) = (day, spent.Rows[0].GetDecimal("usd"), claim, check, false);
        }

        return [.. begun.Rows.Select(r => r.GetDateTime("at"))];
    }

    /// <inheritdoc />
    public async ValueTask<string?> ReserveAsync(decimal worstUsd, CancellationToken cancellation)
    {
        string id = Guid.NewGuid().ToString("N");
        Claim claim;
        Func<CancellationToken, Task> check;
        DateOnly day;
        decimal worst = Rounded(worstUsd);
        lock (_lock)
        {
            TurnDay();
            if (_claim is null || _spentUsd + worst > budgetUsd)
            {
                if (_claim is not null && !IsExhausted)
                {
                    IsExhausted = true;
                    LogExhausted(_spentUsd.ToString("0.####", CultureInfo.InvariantCulture), budgetUsd.ToString("0.####", CultureInfo.InvariantCulture));
                }

                return null;
            }

            (claim, check, day) = (_claim, _check!, _day);
            IsExhausted = false;
            _spentUsd += worst;
            _open[id] = (day, worst);
        }

        try
        {
            await InsertAsync(rows => rows.Append(day, id, isSettled: false, worst, "", claim), "reserve/" + id, cancellation);
            await check(cancellation);
            Problem = null;
            return id;
        }
        catch (Exception e) when (e is ClickHouseException or ClaimLostException)
        {
            // It may have been recorded, so it goes on counting; nothing is sent.
            Problem = e.Message;
            LogNotReserved(e.Message);
            return null;
        }
    }

    /// <inheritdoc />
    public ValueTask SettleAsync(string reservation, decimal? actualUsd, JudgeExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        lock (_lock)
        {
            if (_open.Remove(reservation, out (DateOnly Day, decimal WorstUsd) open))
            {
                decimal actual = actualUsd is { } usd ? Rounded(usd) : open.WorstUsd;
                _spentUsd += open.Day == _day ? actual - open.WorstUsd : 0;
                _unwritten.Add(new SettledRequest(open.Day, reservation, actual, exchange.Error, _claim!));
                if (actual > open.WorstUsd)
                {
                    LogOver(actual.ToString(CultureInfo.InvariantCulture), open.WorstUsd.ToString(CultureInfo.InvariantCulture));
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Records what was settled since the last time; until then the reservations count.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not take it; it is recorded the next time.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        List<SettledRequest> settled;
        lock (_lock)
        {
            (settled, _unwritten) = (_unwritten, []);
        }

        if (settled.Count == 0)
        {
            return;
        }

        try
        {
            await InsertAsync(
                rows =>
                {
                    foreach (SettledRequest s in settled)
                    {
                        rows.Append(s.Day, s.Reservation, isSettled: true, s.Usd, s.Error, s.Claim);
                    }
                },
                $"settle/{settled[0].Reservation}/{settled.Count}", cancellation);
        }
        catch
        {
            lock (_lock)
            {
                _unwritten.InsertRange(0, settled);
            }

            throw;
        }
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    // What is open of the day before stays with that day.
    private void TurnDay()
    {
        if (Today != _day && _claim is not null)
        {
            (_day, _spentUsd, IsExhausted) = (Today, 0, false);
        }
    }

    private async Task InsertAsync(Action<SpendRows> append, string token, CancellationToken cancellation)
    {
        var rows = new SpendRows();
        append(rows);
        await client.InsertAsync("llm_judge_spend", rows.Block, token, cancellation);
    }

    // Up, to the twelve decimals that are recorded.
    private static decimal Rounded(decimal usd)
    {
        const decimal Unit = 1_000_000_000_000;
        return Math.Ceiling(usd * Unit) / Unit;
    }

    private sealed record SettledRequest(DateOnly Day, string Reservation, decimal Usd, string Error, Claim Claim);

    [LoggerMessage(LogLevel.Warning, "the budget of the day is spent: {Spent} of {Budget} USD are spent or set aside, and the next request could cost more than is left")]
    private partial void LogExhausted(string spent, string budget);

    [LoggerMessage(LogLevel.Warning, "no request is sent, since its cost cannot be set aside: {Reason}")]
    private partial void LogNotReserved(string reason);

    [LoggerMessage(LogLevel.Warning, "a request cost {Actual} USD, more than the {Worst} USD that it can: the endpoint does not keep to max_completion_tokens, or counts tokens below one byte")]
    private partial void LogOver(string actual, string worst);
}
