using System.Globalization;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Tests.Prices;

/// <summary>
/// Costs worked out by hand, not by this code. Every call has 100 000 input tokens, of which 40 000 were read from the cache, and 10 000 output
/// tokens; so the cost is 0.06 * input + 0.04 * cached + 0.01 * output price, where a provider without a cached price charges 0.1 * input.
/// The figures are the providers' list prices, US dollars for a million tokens (input / cached / output), from the pages named by each block's
/// comment, as known in autumn 2026.
/// </summary>
public class PriceAuditTests
{
    [Theory]
    // https://openai.com/api/pricing and https://platform.openai.com/docs/models
    [InlineData("openai", "gpt-4o-2024-08-06", "0.3")] //                     2.50 / 1.25 / 10: 0.15 + 0.05 + 0.10
    [InlineData("openai", "gpt-4o-mini-2024-07-18", "0.018")] //              0.15 / 0.075 / 0.60: 0.009 + 0.003 + 0.006
    [InlineData("openai", "gpt-4o-2024-05-13", "0.65")] //                    5 / - / 15: 0.5 + 0.15
    [InlineData("openai", "gpt-4.1-2025-04-14", "0.22")] //                   2 / 0.50 / 8: 0.12 + 0.02 + 0.08
    [InlineData("openai", "gpt-4.1-mini", "0.044")] //                        0.40 / 0.10 / 1.60: 0.024 + 0.004 + 0.016
    [InlineData("openai", "gpt-4.1-nano", "0.011")] //                        0.10 / 0.025 / 0.40: 0.006 + 0.001 + 0.004
    [InlineData("openai", "gpt-5-2025-08-07", "0.18")] //                     1.25 / 0.125 / 10: 0.075 + 0.005 + 0.1
    [InlineData("openai", "gpt-5-mini-2025-08-07", "0.036")] //               0.25 / 0.025 / 2: 0.015 + 0.001 + 0.02
    [InlineData("openai", "gpt-5-nano-2025-08-07", "0.0072")] //              0.05 / 0.005 / 0.40: 0.003 + 0.0002 + 0.004
    [InlineData("openai", "o1-2024-12-17", "1.8")] //                         15 / 7.50 / 60: 0.9 + 0.3 + 0.6
    [InlineData("openai", "o3", "0.22")] //                                   2 / 0.50 / 8 since 2025-06-10: 0.12 + 0.02 + 0.08
    [InlineData("openai", "o3-mini", "0.132")] //                             1.10 / 0.55 / 4.40: 0.066 + 0.022 + 0.044
    [InlineData("openai", "o4-mini", "0.121")] //                             1.10 / 0.275 / 4.40: 0.066 + 0.011 + 0.044
    [InlineData("openai", "gpt-4-turbo", "1.3")] //                           10 / - / 30: 1 + 0.3
    [InlineData("openai", "gpt-3.5-turbo", "0.065")] //                       0.50 / - / 1.50: 0.05 + 0.015
    [InlineData("openai", "ft:gpt-4o-mini-2024-07-18:acme::abc", "0.042")] // 0.30 / not in the book / 1.20: 0.03 + 0.012
    // https://azure.microsoft.com/pricing/details/cognitive-services/openai-service (global): as OpenAI
    [InlineData("azure.ai.openai", "gpt-4o-2024-08-06", "0.3")]
    [InlineData("az.ai.openai", "gpt-4o-mini", "0.018")]
    [InlineData("azure.ai.openai", "o1", "1.8")]
    // https://www.anthropic.com/pricing
    [InlineData("anthropic", "claude-sonnet-4-5-20250929", "0.342")] //       3 / 0.30 / 15: 0.18 + 0.012 + 0.15
    [InlineData("anthropic", "claude-opus-4-1-20250805", "1.71")] //          15 / 1.50 / 75: 0.9 + 0.06 + 0.75
    [InlineData("anthropic", "claude-opus-4-5-20251101", "0.57")] //          5 / 0.50 / 25: 0.3 + 0.02 + 0.25
    [InlineData("anthropic", "claude-haiku-4-5-20251001", "0.114")] //        1 / 0.10 / 5: 0.06 + 0.004 + 0.05
    [InlineData("anthropic", "claude-3-5-haiku-20241022", "0.0912")] //       0.80 / 0.08 / 4: 0.048 + 0.0032 + 0.04
    [InlineData("anthropic", "claude-3-haiku-20240307", "0.0287")] //         0.25 / 0.03 / 1.25: 0.015 + 0.0012 + 0.0125
    // https://ai.google.dev/gemini-api/docs/pricing
    [InlineData("gcp.gemini", "gemini-2.5-pro", "0.18")] //                   1.25 / 0.125 / 10 up to 200k: 0.075 + 0.005 + 0.1
    [InlineData("gcp.gemini", "gemini-2.5-flash", "0.0442")] //               0.30 / 0.03 / 2.50: 0.018 + 0.0012 + 0.025
    [InlineData("gcp.gemini", "models/gemini-2.5-flash-lite", "0.0104")] //   0.10 / 0.01 / 0.40: 0.006 + 0.0004 + 0.004
    [InlineData("gcp.gemini", "gemini-2.0-flash-001", "0.011")] //            0.10 / 0.025 / 0.40: 0.006 + 0.001 + 0.004
    // https://cloud.google.com/vertex-ai/generative-ai/pricing (global endpoint)
    [InlineData("gcp.vertex_ai", "gemini-2.5-flash", "0.0442")]
    [InlineData("gcp.vertex_ai", "claude-sonnet-4-5@20250929", "0.342")]
    [InlineData("gcp.vertex_ai", "claude-opus-4-5@20251101", "0.57")]
    // https://aws.amazon.com/bedrock/pricing: regional endpoints of Claude 4.5 cost a tenth more than the global one
    [InlineData("aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "0.3762")] //    3.30 / 0.33 / 16.50: 0.198 + 0.0132 + 0.165
    [InlineData("aws.bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "0.342")]
    [InlineData("aws.bedrock", "anthropic.claude-3-5-sonnet-20241022-v2:0", "0.342")] //        3 / 0.30 / 15
    [InlineData("aws.bedrock", "amazon.nova-pro-v1:0", "0.088")] //                             0.80 / 0.20 / 3.20: 0.048 + 0.008 + 0.032
    [InlineData("aws.bedrock", "amazon.nova-lite-v1:0", "0.0066")] //                           0.06 / 0.015 / 0.24: 0.0036 + 0.0006 + 0.0024
    [InlineData("aws.bedrock", "us.amazon.nova-micro-v1:0", "0.00385")] //                      0.035 / 0.00875 / 0.14: 0.0021 + 0.00035 + 0.0014
    [InlineData("aws.bedrock", "meta.llama3-3-70b-instruct-v1:0", "0.0792")] //                 0.72 / - / 0.72: 0.072 + 0.0072
    // https://mistral.ai/pricing
    [InlineData("mistral_ai", "ministral-8b-2410", "0.011")] //               0.10 / - / 0.10: 0.01 + 0.001
    [InlineData("mistral_ai", "codestral-2508", "0.0282")] //                 0.30 / 0.03 / 0.90: 0.018 + 0.0012 + 0.009
    // https://cohere.com/pricing
    [InlineData("cohere", "command-r-plus-08-2024", "0.35")] //               2.50 / - / 10: 0.25 + 0.1
    [InlineData("cohere", "command-r-08-2024", "0.021")] //                   0.15 / - / 0.60: 0.015 + 0.006
    [InlineData("cohere", "command-r7b-12-2024", "0.00525")] //               0.0375 / - / 0.15: 0.00375 + 0.0015
    // https://docs.x.ai/docs/models
    [InlineData("x_ai", "grok-3", "0.36")] //                                 3 / 0.75 / 15: 0.18 + 0.03 + 0.15
    [InlineData("xai", "grok-3-mini", "0.026")] //                            0.30 / 0.075 / 0.50: 0.018 + 0.003 + 0.005
    [InlineData("x_ai", "grok-4-0709", "0.36")] //                            3 / 0.75 / 15
    // https://groq.com/pricing
    [InlineData("groq", "llama-3.3-70b-versatile", "0.0669")] //              0.59 / - / 0.79: 0.059 + 0.0079
    [InlineData("groq", "llama-3.1-8b-instant", "0.0058")] //                 0.05 / - / 0.08: 0.005 + 0.0008
    [InlineData("groq", "openai/gpt-oss-120b", "0.018")] //                   0.15 / 0.075 / 0.60: 0.009 + 0.003 + 0.006
    // https://www.together.ai/pricing
    [InlineData("together_ai", "meta-llama/Llama-3.3-70B-Instruct-Turbo", "0.0968")] //         0.88 / - / 0.88: 0.088 + 0.0088
    [InlineData("together_ai", "meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo", "0.0198")] //     0.18 / - / 0.18: 0.018 + 0.0018
    // https://fireworks.ai/pricing
    [InlineData("fireworks_ai", "accounts/fireworks/models/llama-v3p1-8b-instruct", "0.022")] // 0.20 / - / 0.20: 0.02 + 0.002
    [InlineData("fireworks_ai", "accounts/fireworks/models/deepseek-v3-0324", "0.099")] //      0.90 / - / 0.90: 0.09 + 0.009
    // https://openrouter.ai/models
    [InlineData("openrouter", "openai/gpt-4o-mini", "0.018")] //              0.15 / 0.075 / 0.60
    [InlineData("openrouter", "anthropic/claude-sonnet-4.5", "0.342")] //     3 / 0.30 / 15
    [InlineData("openrouter", "meta-llama/llama-3.3-70b-instruct:free", "0")]
    // https://docs.perplexity.ai/getting-started/pricing: tokens and, for a high search context, a fee a request
    [InlineData("perplexity", "sonar", "0.122")] //                           1 / - / 1 and 0.012: 0.1 + 0.01 + 0.012
    [InlineData("perplexity", "sonar-pro", "0.464")] //                       3 / - / 15 and 0.014: 0.3 + 0.15 + 0.014
    public void A_call_costs_what_the_providers_price_page_says(string provider, string model, string expected)
    {
        PricedCall call = Books.Shipped.Price(new TokenUsage { Input = 100_000, CacheRead = 40_000, Output = 10_000 }, provider, model);

        Assert.Equal("", call.CostReason);
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), call.CostUsd);
    }

    [Theory]
    [InlineData("2026-10-01T00:29:59Z", "0.015")] //  off-peak 0.135 / 0.035 / 0.55: 0.0081 + 0.0014 + 0.0055
    [InlineData("2026-10-01T00:30:00Z", "0.03")] //   standard 0.27 / 0.07 / 1.10: 0.0162 + 0.0028 + 0.011
    [InlineData("2026-10-01T16:29:59Z", "0.03")]
    [InlineData("2026-10-01T16:30:00Z", "0.015")]
    public void DeepSeek_chat_is_cheaper_off_peak(string at, string expected)
    {
        PricedCall call = Books.Shipped.Price(
            new TokenUsage { Input = 100_000, CacheRead = 40_000, Output = 10_000 }, "deepseek", "deepseek-chat", at: DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));

        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), call.CostUsd);
    }

    [Theory]
    [InlineData("2026-08-14T02:00:00Z", "0.14")] // Friday, before the peak hours were introduced
    [InlineData("2026-08-18T02:00:00Z", "0.44")] // Tuesday, peak
    [InlineData("2026-08-18T04:00:00Z", "0.22")] // Tuesday, off-peak
    [InlineData("2026-08-22T02:00:00Z", "0.44")] // Saturday, the last with peak hours
    [InlineData("2026-08-23T02:00:00Z", "0.22")] // Sunday
    [InlineData("2026-08-24T02:00:00Z", "0.44")] // Monday
    public void DeepSeek_has_peak_hours_from_a_day_on_and_none_at_weekends(string at, string expected)
    {
        PricedCall call = Books.Shipped.Price(
            new TokenUsage { Input = 1_000_000, CacheRead = 0, Output = 0 }, "deepseek", "deepseek-v4-flash", at: DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));

        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), call.CostUsd);
    }

    [Theory]
    [InlineData("2025-06-09T23:59:59.9999999Z", "openai/o3@start", "10")]
    [InlineData("2025-06-10T00:00:00Z", "openai/o3@2025-06-10", "2")]
    [InlineData("2025-06-10T02:59:59+03:00", "openai/o3@start", "10")]
    public void O3_became_cheaper_on_a_day_in_UTC(string at, string priceId, string expected)
    {
        PricedCall call = Books.Shipped.Price(new TokenUsage { Input = 1_000_000, CacheRead = 0, Output = 0 }, "openai", "o3", at: DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));

        Assert.Equal(priceId, call.PriceId);
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), call.CostUsd);
    }

    [Theory]
    [InlineData(null, "0.018")]
    [InlineData("default", "0.018")]
    [InlineData("priority", "0.03")] // 0.25 / 0.125 / 1.00: 0.015 + 0.005 + 0.01
    [InlineData("fast", "0.03")]
    public void A_service_tier_has_its_own_price(string? tier, string expected)
    {
        PricedCall call = Books.Shipped.Price(new TokenUsage { Input = 100_000, CacheRead = 40_000, Output = 10_000 }, "openai", "gpt-4o-mini", tier: tier);

        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), call.CostUsd);
    }

    [Fact]
    public void A_batch_of_Anthropic_costs_half()
    {
        var usage = new TokenUsage { Input = 100_000, CacheRead = 40_000, CacheWrite = 10_000, Output = 10_000 };

        decimal? standard = Books.Shipped.Price(usage, "anthropic", "claude-sonnet-4-5").CostUsd;
        PricedCall batch = Books.Shipped.Price(usage, "anthropic", "claude-sonnet-4-5", tier: "batch");

        Assert.Equal(0.3495m, standard); // 50 000 * 3 + 40 000 * 0.30 + 10 000 * 3.75 + 10 000 * 15
        Assert.Equal(0.17475m, batch.CostUsd);
        Assert.Equal("anthropic/claude-sonnet-4-5@start#batch", batch.PriceId);
    }
}
