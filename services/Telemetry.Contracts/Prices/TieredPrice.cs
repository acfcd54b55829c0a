namespace Telemetry.Contracts.Prices;

/// <summary>
/// US dollars for one million tokens. Over a step's threshold of input tokens the step's price holds for all tokens of the call, not
/// only for those above: providers' long-context prices are cliffs.
/// </summary>
/// <param name="Base">Price up to the first threshold.</param>
/// <param name="Steps">Thresholds in ascending order: input tokens above which the price holds.</param>
public sealed record TieredPrice(decimal Base, IReadOnlyList<(long AboveInputTokens, decimal Price)> Steps)
{
    /// <summary>Whether it is 0 at every length.</summary>
    public bool IsFree => Base == 0 && Steps.All(s => s.Price == 0);

    /// <summary>The price for a call with that many input tokens.</summary>
    public decimal For(long inputTokens)
    {
        decimal price = Base;
        foreach ((long above, decimal stepPrice) in Steps)
        {
            if (inputTokens > above)
            {
                price = stepPrice;
            }
        }

        return price;
    }
}
