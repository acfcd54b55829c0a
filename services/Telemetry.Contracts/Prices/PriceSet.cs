namespace Telemetry.Contracts.Prices;

/// <summary>The prices of a model in one service tier over one stretch of time.</summary>
public sealed class PriceSet
{
    private static readonly int Kinds = Enum.GetValues<TokenKind>().Length;
    private readonly TieredPrice?[] _byKind = new TieredPrice?[Kinds];
    private readonly IReadOnlyDictionary<TokenKind, TieredPrice> _usdPerMillion = new Dictionary<TokenKind, TieredPrice>();

    /// <summary>Stable id: provider/model@first-day, with the days of the week (<c>-saturday</c>) and hours (<c>T0030</c>) where they are bounded and the service tier (<c>#flex</c>) where it is not the standard one.</summary>
    public required string Id { get; init; }

    /// <summary>Service tier, in lower case.</summary>
    public string Tier { get; init; } = ServiceTiers.Standard;

    /// <summary>First day (UTC) on which they hold; null when they held from the beginning.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Days of the week (UTC) on which they hold; empty for all.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>Time of day (UTC) from which they hold; null for all day. May lie behind <see cref="DayEnd"/>: then they hold over midnight.</summary>
    public TimeOnly? DayStart { get; init; }

    /// <summary>Time of day (UTC) before which they hold; null exactly when <see cref="DayStart"/> is.</summary>
    public TimeOnly? DayEnd { get; init; }

    /// <summary>Prices by kind of token.</summary>
    public required IReadOnlyDictionary<TokenKind, TieredPrice> UsdPerMillion
    {
        get => _usdPerMillion;
        init
        {
            _usdPerMillion = value;
            foreach ((TokenKind kind, TieredPrice price) in value)
            {
                _byKind[(int)kind] = price;
            }
        }
    }

    /// <summary>US dollars for one request; null when there is no such fee.</summary>
    public decimal? UsdPerRequest { get; init; }

    /// <summary>US dollars for one web search; null when there is no such fee.</summary>
    public decimal? UsdPerWebSearch { get; init; }

    /// <summary>US dollars for what spans do not count, such as hours of audio or pages; kept to be shown, never billed.</summary>
    public IReadOnlyDictionary<string, decimal> UsdPerOther { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Where the figures come from, when not from the file's own source.</summary>
    public string? Source { get; init; }

    /// <summary>Whether a call with nothing but tokens can be priced at all.</summary>
    internal bool PricesTokens => _usdPerMillion.Count > 0 || UsdPerRequest is not null;

    /// <summary>The price of a kind of token; null when it has none of its own.</summary>
    public TieredPrice? PriceOf(TokenKind kind) => _byKind[(int)kind];

    /// <summary>Whether they hold at that moment.</summary>
    public bool HoldsAt(DateTimeOffset at)
    {
        DateTime utc = at.UtcDateTime;
        if (From is { } from && DateOnly.FromDateTime(utc) < from)
        {
            return false;
        }

        if (Days.Count > 0 && !Days.Contains(utc.DayOfWeek))
        {
            return false;
        }

        if (DayStart is not { } start || DayEnd is not { } end)
        {
            return true;
        }

        var time = TimeOnly.FromDateTime(utc);
        return start <= end ? time >= start && time < end : time >= start || time < end;
    }
}
