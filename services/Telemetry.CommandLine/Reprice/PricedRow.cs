using Telemetry.ClickHouse.Client;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;

namespace Telemetry.CommandLine.Reprice;

/// <summary>A stored call: what its price depends on, and the price that it has.</summary>
internal sealed record PricedRow(string Tenant, string Trace, string Span, ushort Revision, PriceQuery Query, decimal? CostUsd, string CostReason, string Basis, string PriceId)
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Reads a row of <c>llm_calls_now</c>.</summary>
    public static PricedRow Read(ClickHouseRow row) => new(
        row.GetString("tenant"), row.GetString("trace_id"), row.GetString("span_id"), (ushort)row.GetUInt64("revision"), ReadQuery(row),
        row.IsNull("cost_usd") ? null : row.GetDecimal("cost_usd"), row.GetString("cost_reason"), row.GetString("cost_basis"), row.GetString("price_id"));

    private static PriceQuery ReadQuery(ClickHouseRow row) => new()
    {
        Provider = row.GetString("provider"),
        ModelRequested = row.GetString("model_requested"),
        ModelAnswered = row.GetString("model_answered"),
        ServiceTier = row.GetString("service_tier"),
        At = DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64("nanoseconds") / NanosecondsPerTick),
        TokensEstimated = row.GetString("tokens_source") == "estimated",
        WebSearches = Count(row, "web_searches"),
        Usage = new TokenUsage
        {
            Input = Count(row, "input_tokens"),
            CacheRead = Count(row, "cached_tokens"),
            CacheWrite = Count(row, "cache_write_tokens"),
            CacheWriteOneHour = Count(row, "cache_write_1h_tokens"),
            Output = Count(row, "output_tokens"),
            Reasoning = Count(row, "reasoning_tokens"),
            AudioInput = Count(row, "audio_input_tokens"),
            AudioOutput = Count(row, "audio_output_tokens"),
            ImageInput = Count(row, "image_input_tokens"),
            ImageOutput = Count(row, "image_output_tokens"),
        },
    };

    private static long? Count(ClickHouseRow row, string column) => row.IsNull(column) ? null : (long)row.GetUInt64(column);
}
