using Telemetry.Contracts.Prices;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Price;

/// <summary>Puts a price on every call, at what held when it ran.</summary>
internal sealed class PriceStage(Func<PriceBook> book) : IStage
{
    private const long NanosecondsPerTick = 100;

    /// <inheritdoc />
    public void Process(ReadOnlySpan<SpanItem> items)
    {
        PriceBook prices = book();
        foreach (SpanItem item in items)
        {
            if (!item.IsCall)
            {
                continue;
            }

            LlmCall call = item.Call;
            call.PriceVersion = prices.Version;
            call.Price = prices.Price(new PriceQuery
            {
                Provider = call.Provider,
                ModelRequested = call.ModelRequested,
                ModelAnswered = call.ModelAnswered,
                At = DateTimeOffset.UnixEpoch.AddTicks(call.StartNanoseconds / NanosecondsPerTick),
                Usage = call.Usage,
                ServiceTier = call.ServiceTier,
                WebSearches = call.WebSearches,
                TokensEstimated = call.TokensSource == TokensSource.Estimated,
            });
        }
    }
}
