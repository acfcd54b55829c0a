using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;

namespace Telemetry.ClickHouse.Claims;

/// <summary>
/// Lets exactly one instance work. ClickHouse has no compare-and-set, so a claim is appended with a greater epoch, and whoever holds an earlier one sees that
/// at its next look; what it records in between is for the readers of its tables to leave out. The holder gives signs of life by the server's clock; when they
/// stop for the lease's duration another instance claims. See docs/decisions/0075.
/// </summary>
/// <param name="client">The database of the claims.</param>
/// <param name="table">Start of the names of the two tables: <c>{table}_claims</c> and <c>{table}_claim_signs</c>.</param>
/// <param name="work">What the holder does, for logs and errors, such as <c>the alerting</c>.</param>
/// <param name="instance">Name of this instance.</param>
/// <param name="duration">How long the holder may be silent before another one takes over.</param>
/// <param name="logger">Logs.</param>
/// <param name="time">The clock.</param>
public sealed partial class ClaimLease(ClickHouseClient client, string table, string work, string instance, TimeSpan duration, ILogger logger, TimeProvider time)
{
    // Longer than an insert takes to be visible: rivals that claimed in the same moment, and the last changes of the one before, are there then.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly string _latestSql =
        $"""
        SELECT claim.epoch AS epoch, claim.owner AS owner, claim.instance AS instance, sign.released AS released,
            toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(greatest(claim.at, sign.last)) AS silent_ms
        FROM (SELECT * FROM {table}_claims ORDER BY epoch DESC, owner DESC LIMIT 1) AS claim
        LEFT JOIN
        (
            SELECT epoch, owner, max(at) AS last, max(released) AS released FROM {table}_claim_signs
            WHERE epoch = (SELECT max(epoch) FROM {table}_claims) GROUP BY epoch, owner
        ) AS sign ON sign.epoch = claim.epoch AND sign.owner = claim.owner
        """;

    private readonly Lock _lock = new();
    private Claim? _held;
    private long _signedAt;

    /// <summary>What this instance holds; null while another one works.</summary>
    public Claim? Held
    {
        get
        {
            lock (_lock)
            {
                return _held is not null && time.GetElapsedTime(_signedAt) < duration ? _held : null;
            }
        }
    }

    /// <summary>How often to call <see cref="HoldAsync"/>.</summary>
    public TimeSpan SignEvery => duration / 5;

    /// <summary>Gives a sign of life, or claims when nobody else gives any.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task HoldAsync(CancellationToken cancellation)
    {
        if (Held is { } held)
        {
            await SignAsync(held, cancellation);
            return;
        }

        LetGo();
        if (await LatestAsync(cancellation) is { } latest && !latest.IsReleased && latest.Silent < duration)
        {
            return;
        }

        await ClaimAsync(cancellation);
    }

    /// <summary>Makes sure that the claim is still the last one, by asking.</summary>
    /// <exception cref="ClaimLostException">It is not.</exception>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task CheckAsync(Claim claim, CancellationToken cancellation)
    {
        LatestClaim? latest = await LatestAsync(cancellation);
        if (latest?.Claim != claim || Held != claim)
        {
            Lose(claim, latest?.Instance ?? "nobody");
            throw new ClaimLostException($"{latest?.Instance ?? "nobody"} has claimed {work}");
        }
    }

    /// <summary>Lets the next instance begin at once.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not take it; the lease then runs out.</exception>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        if (Held is { } held)
        {
            SetHeld(null, 0);
            await InsertSignAsync(held, released: true, cancellation);
        }
    }

    private async Task SignAsync(Claim held, CancellationToken cancellation)
    {
        // The time before the sign counts: it must not last longer here than by the server's clock.
        long now = time.GetTimestamp();
        await InsertSignAsync(held, released: false, cancellation);
        await CheckAsync(held, cancellation);
        SetHeld(held, now);
    }

    private async Task ClaimAsync(CancellationToken cancellation)
    {
        long now = time.GetTimestamp();
        var parameters = new Dictionary<string, object?> { ["owner"] = Guid.NewGuid().ToString("N"), ["instance"] = instance };
        // In one statement, so that one that stood still before it does not claim over a live one.
        await client.ExecuteAsync(
            $$"""
            INSERT INTO {{table}}_claims (epoch, owner, instance)
            SELECT max(epoch) + 1, {owner:String}, {instance:String} FROM {{table}}_claims
            HAVING (SELECT count() FROM ({{_latestSql}}) WHERE silent_ms < {{(long)duration.TotalMilliseconds}} AND NOT released) = 0
            """,
            parameters,
            cancellation);
        await Task.Delay(Settle, time, cancellation);
        if (await LatestAsync(cancellation) is { } latest && latest.Claim.Owner == (string)parameters["owner"]!)
        {
            SetHeld(latest.Claim, now);
            LogClaimed(instance, work, latest.Claim.Epoch);
        }
    }

    private async Task<LatestClaim?> LatestAsync(CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(_latestSql, null, cancellation);
        return result.Rows.Count == 0 ? null : new LatestClaim(
            new Claim(result.Rows[0].GetUInt64("epoch"), result.Rows[0].GetString("owner")), result.Rows[0].GetString("instance"),
            TimeSpan.FromMilliseconds(result.Rows[0].GetInt64("silent_ms")), result.Rows[0].GetBoolean("released"));
    }

    private Task InsertSignAsync(Claim claim, bool released, CancellationToken cancellation) => client.ExecuteAsync(
        $$"""INSERT INTO {{table}}_claim_signs (epoch, owner, released) SELECT {epoch:UInt64}, {owner:String}, {released:Bool}""",
        new Dictionary<string, object?> { ["epoch"] = claim.Epoch, ["owner"] = claim.Owner, ["released"] = released },
        cancellation);

    private void SetHeld(Claim? claim, long signedAt)
    {
        lock (_lock)
        {
            _held = claim;
            _signedAt = signedAt;
        }
    }

    // Its signs stopped: it stood still, or ClickHouse did not take them.
    private void LetGo()
    {
        lock (_lock)
        {
            if (_held is not null)
            {
                _held = null;
                LogRanOut(instance, work);
            }
        }
    }

    private void Lose(Claim claim, string other)
    {
        lock (_lock)
        {
            if (_held == claim)
            {
                _held = null;
                LogLost(instance, work, other);
            }
        }
    }

    private sealed record LatestClaim(Claim Claim, string Instance, TimeSpan Silent, bool IsReleased);

    [LoggerMessage(LogLevel.Information, "{Instance} has {Work} now (claim {Epoch})")]
    private partial void LogClaimed(string instance, string work, ulong epoch);

    [LoggerMessage(LogLevel.Warning, "{Instance} has {Work} no more: its lease ran out")]
    private partial void LogRanOut(string instance, string work);

    [LoggerMessage(LogLevel.Warning, "{Instance} has {Work} no more: {Other} has")]
    private partial void LogLost(string instance, string work, string other);
}
