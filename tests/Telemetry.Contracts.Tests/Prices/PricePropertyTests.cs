using FsCheck;
using FsCheck.Fluent;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Tests.Prices;

/// <summary>What holds for every model of the shipped book and every usage.</summary>
public class PricePropertyTests
{
    private static readonly ModelPrices[] Models = [.. Books.Shipped.Providers.SelectMany(p => p.Models)];
    private static readonly string[] Names = [.. Models.Select(m => m.Id)];
    private static readonly string?[] Tiers = [null, "", "flex", "priority", "batch", "FAST", "?"];

    private static readonly Gen<long?> AnyCount = Gen.OneOf(
        Gen.Constant<long?>(null), Gen.Choose(0, 1000).Select(n => (long?)n), Gen.Choose(0, 2_000_000).Select(n => (long?)n),
        Gen.Elements<long?>(-1, 0, 1, 200_000, 200_001, 272_000, 272_001, int.MaxValue, long.MaxValue, long.MinValue, 1_000_000_000_000));

    private static readonly Gen<TokenUsage> AnyUsage = AnyCount.ArrayOf(10).Select(c => new TokenUsage
    {
        Input = c[0],
        CacheRead = c[1],
        CacheWrite = c[2],
        CacheWriteOneHour = c[3],
        AudioInput = c[4],
        ImageInput = c[5],
        Output = c[6],
        Reasoning = c[7],
        AudioOutput = c[8],
        ImageOutput = c[9],
    });

    // Parts drawn as shares of their wholes, so that the counts can be true.
    private static readonly Gen<TokenUsage> TrueUsage =
        from input in Gen.Choose(0, 3_000_000)
        from output in Gen.Choose(0, 200_000)
        from shares in Gen.Choose(0, 100).ArrayOf(6)
        let read = input * (long)shares[0] / 100
        let write = (input - read) * (long)shares[1] / 100
        select new TokenUsage
        {
            Input = input,
            CacheRead = read,
            CacheWrite = write,
            CacheWriteOneHour = 0,
            AudioInput = input * (long)shares[3] / 200,
            ImageInput = input * (long)shares[3] / 200,
            Output = output,
            Reasoning = output * (long)shares[4] / 200,
            AudioOutput = output * (long)shares[5] / 400,
            ImageOutput = output * (long)shares[5] / 400,
        };

    [Fact]
    public void Nothing_that_a_span_can_say_throws_and_a_cost_is_either_known_or_has_a_reason() =>
        Check(
            from provider in Gen.OneOf(Gen.Elements<string?>(null, "", "openai", "aws.bedrock", "azure.ai.openai", "gcp.vertex_ai", "nobody"), ArbMap.Default.GeneratorFor<string?>())
            from requested in Gen.OneOf(Gen.Elements<string?>(Names), ArbMap.Default.GeneratorFor<string?>())
            from answered in Gen.OneOf(Gen.Elements<string?>(Names), ArbMap.Default.GeneratorFor<string?>())
            from usage in AnyUsage
            from tier in Gen.OneOf(Gen.Elements(Tiers), ArbMap.Default.GeneratorFor<string?>())
            from ticks in Gen.Choose(0, int.MaxValue)
            from searches in AnyCount
            select new PriceQuery
            {
                Provider = provider,
                ModelRequested = requested,
                ModelAnswered = answered,
                Usage = usage,
                ServiceTier = tier,
                WebSearches = searches,
                At = DateTimeOffset.UnixEpoch.AddSeconds(ticks),
            },
            query =>
            {
                PricedCall call = Books.Shipped.Price(query);
                return call.CostUsd is null
                    ? call.CostReason.Length > 0 && Parts(call) == 0 && call.Basis.Length == 0
                    : call.CostReason.Length == 0 && call.PriceId.Length > 0 && call.Basis.Length > 0 && call.CostUsd is >= 0 and < 1_000_000;
            });

    [Fact]
    public void The_parts_add_up_to_the_cost_and_have_at_most_twelve_decimals() =>
        Check(
            from model in Gen.Elements(Models)
            from usage in TrueUsage
            from tier in Gen.Elements(Tiers)
            select (model, usage, tier),
            drawn =>
            {
                PricedCall call = Price(drawn.model, drawn.usage, drawn.tier);
                return call.CostUsd is not { } cost
                    ? call.CostReason is CostReasons.UnpricedUsage or CostReasons.UnknownServiceTier or CostReasons.UnknownModel
                    : Parts(call) == cost && decimal.Round(cost, 12) == cost
                        && call.InputCostUsd >= 0 && call.CacheReadCostUsd >= 0 && call.CacheWriteCostUsd >= 0 && call.OutputCostUsd >= 0 && call.OtherCostUsd >= 0;
            });

    [Fact]
    public void More_output_never_costs_less() =>
        Check(
            from model in Gen.Elements(Models)
            from usage in TrueUsage
            from more in Gen.Choose(0, 100_000)
            select (model, usage, more),
            drawn => !(Price(drawn.model, drawn.usage with { Output = drawn.usage.Output + drawn.more }).CostUsd < Price(drawn.model, drawn.usage).CostUsd));

    [Fact]
    public void More_input_never_costs_less_even_over_a_cliff() =>
        Check(
            from model in Gen.Elements(Models)
            from usage in TrueUsage
            from more in Gen.Choose(0, 500_000)
            select (model, usage: usage with { AudioInput = null, ImageInput = null }, more),
            drawn => !(Price(drawn.model, drawn.usage with { Input = drawn.usage.Input + drawn.more }).CostUsd < Price(drawn.model, drawn.usage).CostUsd));

    [Fact]
    public void Rounding_is_at_most_half_a_picodollar_an_amount() =>
        Check(
            from price in Gen.Choose(0, int.MaxValue).Select(n => n / 1_000_000_000m)
            from input in Gen.Choose(0, int.MaxValue)
            from output in Gen.Choose(0, int.MaxValue)
            select (price, input, output),
            drawn =>
            {
                string usd = drawn.price.ToString(System.Globalization.CultureInfo.InvariantCulture);
                PriceBook book = Books.OneModel($$"""{"usd_per_million_tokens": {"input": "{{usd}}", "output": "{{usd}}"} }""");
                decimal exact = drawn.price * drawn.input / 1_000_000 + drawn.price * drawn.output / 1_000_000;
                return Math.Abs(book.Price(new TokenUsage { Input = drawn.input, Output = drawn.output }).CostUsd!.Value - exact) <= 0.000_000_000_001m;
            });

    private static PricedCall Price(ModelPrices model, in TokenUsage usage, string? tier = null) =>
        Books.Shipped.Price(usage, model.Provider, model.Id, tier: tier);

    private static decimal Parts(in PricedCall call) =>
        call.InputCostUsd + call.CacheReadCostUsd + call.CacheWriteCostUsd + call.OutputCostUsd + call.OtherCostUsd;

    private static void Check<T>(Gen<T> generator, Func<T, bool> holds) =>
        Prop.ForAll(generator.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
