using Telemetry.ClickHouse.Claims;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.Judge.Spend;

/// <summary>Rows for <c>llm_judge_spend</c>.</summary>
internal sealed class SpendRows
{
    private const int SecondsOfDay = 86400;

    // A date as its first second: the table's Date takes it.
    private readonly DateTime64Column _day = new("day", 0);
    private readonly LowCardinalityStringColumn _id = new("reservation_id");
    private readonly Enum8Column _kind = new("kind", "Enum8('reserved' = 1, 'settled' = 2)");
    private readonly Decimal64Column _usd = new("amount_usd", 18, 12);
    private readonly LowCardinalityStringColumn _error = new("error_type");
    private readonly NumberColumn<ulong> _epoch = new("epoch");
    private readonly LowCardinalityStringColumn _owner = new("owner");

    public SpendRows() => Block = new NativeBlock([_day, _id, _kind, _usd, _error, _epoch, _owner]);

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Appends one.</summary>
    public void Append(DateOnly day, string id, bool isSettled, decimal usd, string error, Claim claim)
    {
        _day.Append((long)(day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * SecondsOfDay);
        _id.Append(id);
        _kind.Append((sbyte)(isSettled ? 2 : 1));
        _usd.Append(usd);
        _error.Append(error);
        _epoch.Append(claim.Epoch);
        _owner.Append(claim.Owner);
    }
}
