using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;

namespace Telemetry.Judge.Ask;

/// <summary>What requests to the judge cost: by the settings where they say it, else by the price book.</summary>
/// <param name="options">The endpoint.</param>
/// <param name="book">The price book that holds now; null when there is none.</param>
/// <param name="time">The clock: prices have effective dates.</param>
public sealed class JudgePrices(JudgeEndpointOptions options, Func<PriceBook>? book, TimeProvider time)
{
    private const decimal Million = 1_000_000;

    /// <summary>Why there is no price; null when there is one.</summary>
    public string? Problem => Cost(1, 0, 1, "") is null ? $"no price is known for {options.Provider}/{options.Model}; set InputUsdPerMillion and OutputUsdPerMillion (0 for a model of your own)" : null;

    /// <summary>US dollars of one request; null when no price is known.</summary>
    /// <param name="input">All input tokens.</param>
    /// <param name="cached">Those of them that were cached.</param>
    /// <param name="output">All output tokens.</param>
    /// <param name="modelAnswered">The model that answered; empty when unknown.</param>
    public decimal? Cost(long input, long cached, long output, string modelAnswered)
    {
        if (options is { InputUsdPerMillion: { } inputPrice, OutputUsdPerMillion: { } outputPrice })
        {
            return (input * inputPrice + output * outputPrice) / Million;
        }

        return book?.Invoke().Price(new PriceQuery
        {
            Provider = options.Provider,
            ModelRequested = options.Model,
            ModelAnswered = modelAnswered,
            At = time.GetUtcNow(),
            Usage = new TokenUsage { Input = input, CacheRead = cached, Output = output },
        }).CostUsd;
    }

    /// <summary>The most that a request can cost: a token is at least one byte, and the answer is limited.</summary>
    internal decimal? Worst(JudgePrompt prompt) => Cost(prompt.MostInputTokens, 0, options.MaxOutputTokens, "");
}
