using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Tests.Prices;

public class ModelMatchingTests
{
    private static readonly TokenUsage Usage = new() { Input = 1000, CacheRead = 0, Output = 100 };

    [Theory]
    [InlineData("openai", "openai/gpt-4o@start")]
    [InlineData("OpenAI", "openai/gpt-4o@start")]
    [InlineData("openai.responses", "openai/gpt-4o@start")]
    [InlineData("azure.ai.openai", "openai/gpt-4o@start")]
    public void A_provider_is_named_as_a_whole(string provider, string priceId) =>
        Assert.Equal(priceId, Books.Shipped.Price(Usage, provider, "gpt-4o").PriceId);

    [Theory]
    [InlineData("my-openai-proxy")]
    [InlineData("ibm.watsonx.ai")]
    [InlineData("langchain")]
    public void An_unknown_provider_prices_nothing_even_when_its_name_contains_a_known_one(string provider) =>
        AssertUnknown(CostReasons.UnknownProvider, Books.Shipped.Price(Usage, provider, "gpt-4o"));

    [Theory]
    [InlineData("gcp.vertex_ai")]
    [InlineData("vertex_ai")]
    [InlineData("gcp.gemini")]
    [InlineData("gemini")]
    [InlineData("gcp.gen_ai")]
    public void Every_name_of_Google_is_Google(string provider) =>
        Assert.Equal("google/gemini-2.5-flash@start", Books.Shipped.Price(Usage, provider, "gemini-2.5-flash").PriceId);

    [Theory]
    [InlineData("gcp.vertex_ai", "claude-sonnet-4-5@20250929", "google/claude-sonnet-4-5@start")]
    [InlineData("gcp.vertex_ai", "claude-sonnet-4@20250514", "google/claude-4-sonnet@start")]
    [InlineData("gcp.vertex_ai", "publishers/anthropic/models/claude-sonnet-4-6", "google/claude-sonnet-4-6@start")]
    [InlineData("gcp.gemini", "models/gemini-2.5-pro", "google/gemini-2.5-pro@start")]
    [InlineData("gcp.gemini", "gemini-2.5-pro-preview-tts", "google/gemini-2.5-pro-tts@start")]
    [InlineData("azure.ai.openai", "o3-mini", "azure/o3-mini@start")]
    [InlineData("openai", "openai/gpt-4o", "openai/gpt-4o@start")]
    [InlineData("openai", "openai:gpt-4o", "openai/gpt-4o@start")]
    [InlineData("openai", "  GPT-4o ", "openai/gpt-4o@start")]
    [InlineData("openai", "gpt-4o-2029-01-31", "openai/gpt-4o@start")]
    [InlineData("openai", "gpt-5-mini-20290131", "openai/gpt-5-mini@start")]
    [InlineData("groq", "openai/gpt-oss-120b", "groq/openai/gpt-oss-120b@start")]
    [InlineData("aws.bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0@start")]
    [InlineData(
        "aws.bedrock", "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/global.anthropic.claude-haiku-4-5-20251001-v1:0",
        "aws/global.anthropic.claude-haiku-4-5-20251001-v1:0@start")]
    [InlineData(
        "aws.bedrock", "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-1-20250805-v1:0",
        "aws/regional.anthropic.claude-opus-4-1-20250805-v1:0@start")]
    public void A_model_is_found_under_every_spelling_of_its_id(string provider, string model, string priceId) =>
        Assert.Equal(priceId, Books.Shipped.Price(Usage, provider, model).PriceId);

    [Theory]
    [InlineData("openai", "ft:gpt-4.1-2025-04-14:acme::abc")]
    [InlineData("azure.ai.openai", "ft:o4-mini-2025-04-16:acme::abc")]
    [InlineData("openai", "gpt-4o-2029-13-31")]
    [InlineData("openai", "gpt-4oo")]
    [InlineData("openai", "anthropic/gpt-4o")]
    [InlineData("openrouter", "openai/gpt-4o:nitro")]
    [InlineData("aws.bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3")]
    [InlineData("aws.bedrock", "mars.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("openai", "")]
    [InlineData("openai", "\u0000\ud800")]
    public void What_only_resembles_a_model_is_unknown(string provider, string model) =>
        AssertUnknown(CostReasons.UnknownModel, Books.Shipped.Price(Usage, provider, model));

    [Theory]
    [InlineData("checkout-prod", "gpt-4o-2024-08-06", "openai/gpt-4o@start")] // Azure deployment
    [InlineData("gpt-4o", "gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini@start")] // the server chose another
    [InlineData("gpt-4o", null, "openai/gpt-4o@start")]
    [InlineData("gpt-4o", "", "openai/gpt-4o@start")]
    [InlineData(null, "gpt-4o", "openai/gpt-4o@start")]
    public void What_answered_is_what_is_billed(string? requested, string? answered, string priceId) =>
        Assert.Equal(priceId, Books.Shipped.Price(Usage, "azure.ai.openai", requested, answered).PriceId);

    [Fact]
    public void An_unknown_answer_is_not_billed_as_what_was_asked_for() =>
        AssertUnknown(CostReasons.UnknownModel, Books.Shipped.Price(Usage, "openai", "gpt-4o", "gpt-99"));

    [Theory]
    [InlineData("mistral-small-latest", "mistral-small-9912", "mistral/mistral-small-latest@start")]
    [InlineData("mistral-small-latest", "mistral-small-huge", "")]
    [InlineData("mistral-small-latest", "mistral-small-4", "")]
    public void A_numbered_snapshot_of_the_requested_model_is_that_model(string requested, string answered, string priceId) =>
        Assert.Equal(priceId, Books.Shipped.Price(Usage, "mistral_ai", requested, answered).PriceId);

    [Theory]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0@start")]
    [InlineData("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0@start")]
    [InlineData("arn:aws:bedrock:us-east-1:1:application-inference-profile/x", "")]
    public void On_Bedrock_the_requested_id_decides_since_the_answer_leaves_the_region_out(string requested, string priceId) =>
        Assert.Equal(priceId, Books.Shipped.Price(Usage, "aws.bedrock", requested, "claude-sonnet-4-5-20250929").PriceId);

    [Fact]
    public void A_tier_of_the_source_is_not_a_tier_of_the_reseller()
    {
        Assert.Equal("", Books.Shipped.Price(Usage, "openai", "gpt-4o", tier: "priority").CostReason);
        AssertUnknown(CostReasons.UnknownServiceTier, Books.Shipped.Price(Usage, "azure.ai.openai", "gpt-4o", tier: "priority"));
        AssertUnknown(CostReasons.UnknownServiceTier, Books.Shipped.Price(Usage, "openai", "gpt-4o", tier: "scale"));
    }

    [Fact]
    public void An_override_wins_over_every_entry_of_the_book_and_adds_deployments()
    {
        const string Override = """
            {"provider": "azure", "aliases": {"Checkout-Prod": "gpt-4o-2024-08-06"}, "models": [
              {"id": "contract", "match": {"starts_with": "gpt-4o-2024"}, "prices": [{"usd_per_million_tokens": {"input": "2", "output": "8"}}]}]}
            """;
        var book = PriceBook.Parse([.. Books.ShippedFiles, ("override.json", System.Text.Encoding.UTF8.GetBytes(Override))]);

        Assert.Equal("azure/contract@start", book.Price(Usage, "azure.ai.openai", "checkout-PROD").PriceId);
        Assert.Equal("azure/o1@start", book.Price(Usage, "azure.ai.openai", "o1").PriceId);
        Assert.Equal("openai/gpt-4o@start", book.Price(Usage, "azure.ai.openai", "gpt-4o").PriceId);
        Assert.NotEqual(Books.Shipped.Version, book.Version);
    }

    [Fact]
    public void An_override_of_the_same_id_replaces_the_entry_whatever_its_pattern()
    {
        PriceBook book = Books.Of(
            """{"provider": "p", "models": [{"id": "m", "match": {"contains": "m"}, "prices": [{"usd_per_million_tokens": {"input": 1}}]}]}""",
            """{"provider": "p", "models": [{"id": "m", "match": {"equals": "m-2"}, "prices": [{"usd_per_million_tokens": {"input": 7}}]}]}""");

        Assert.Equal(7m, book.Price(new TokenUsage { Input = 1_000_000 }, requested: "m-2").CostUsd);
        Assert.Equal(CostReasons.UnknownModel, book.Price(new TokenUsage { Input = 1_000_000 }, requested: "m").CostReason);
    }

    [Theory]
    [InlineData("m-large-x", "longer")]
    [InlineData("m-large", "equal")]
    [InlineData("m-small", "shorter")]
    [InlineData("m-tts", "regex")]
    [InlineData("x", "")]
    public void The_most_specific_clause_wins_wherever_it_stands(string model, string expected)
    {
        PriceBook book = Books.Of("""
            {"provider": "p", "models": [
              {"id": "regex", "match": {"and": [{"regex": "^m"}, {"regex": "-tts$"}]}, "prices": [{"usd_per_million_tokens": {"input": 1}}]},
              {"id": "shorter", "match": {"and": [{"starts_with": "m-"}, {"not": {"ends_with": "-tts"}}]}, "prices": [{"usd_per_million_tokens": {"input": 1}}]},
              {"id": "longer", "match": {"contains": "-large"}, "prices": [{"usd_per_million_tokens": {"input": 1}}]},
              {"id": "equal", "match": {"or": [{"equals": "other"}, {"equals": "M-LARGE"}]}, "prices": [{"usd_per_million_tokens": {"input": 1}}]}]}
            """);

        Assert.Equal(expected, book.Find("p", model, null)?.Id ?? "");
    }

    private static void AssertUnknown(string reason, PricedCall call)
    {
        Assert.Equal(reason, call.CostReason);
        Assert.Null(call.CostUsd);
        Assert.Equal("", call.PriceId);
    }
}
