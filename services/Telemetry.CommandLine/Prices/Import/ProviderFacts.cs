namespace Telemetry.CommandLine.Prices.Import;

/// <summary>
/// What the sources do not say about a provider: which span values name it. OpenTelemetry's <c>gen_ai.provider.name</c> (semantic conventions 1.41), the
/// older <c>gen_ai.system</c>, and the spellings of the Vercel AI SDK, LiteLLM and OpenLLMetry. Only whole names count: a name that merely contains
/// "openai" may be Azure, at other prices. Letter case is ignored by the book.
/// </summary>
internal static class ProviderFacts
{
    private static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        ["openai"] = ["openai.chat", "openai.responses", "openai.completion", "openai.embedding", "text-completion-openai"],
        ["azure"] =
        [
            "azure.ai.openai", "azure.ai.inference", "az.ai.openai", "az.ai.inference", "azure_openai", "azure-openai", "azure_ai", "azure.openai",
            "azure-openai.chat", "azure-openai.responses", "azure.chat", "azure.responses",
        ],
        ["anthropic"] = ["anthropic.messages"],
        ["google"] =
        [
            "gcp.gemini", "gcp.vertex_ai", "gcp.gen_ai", "gcp.vertex.agent", "vertex_ai", "vertexai", "gemini", "google_ai_studio", "google_genai",
            "google_vertexai", "google.generative-ai", "google.vertex.chat", "vertex.anthropic.messages", "vertex_ai-language-models", "vertex_ai-anthropic_models",
        ],
        ["aws"] = ["aws.bedrock", "bedrock", "amazon-bedrock", "amazon_bedrock", "aws_bedrock", "bedrock_converse"],
        ["mistral"] = ["mistral_ai", "mistralai", "mistral.chat"],
        ["cohere"] = ["cohere.chat", "cohere_chat"],
        ["deepseek"] = ["deepseek.chat"],
        ["x-ai"] = ["x_ai", "xai", "xai.chat", "xai.responses"],
        ["groq"] = ["groq.chat"],
        ["together"] = ["together_ai", "together-ai", "togetherai", "togetherai.chat"],
        ["fireworks"] = ["fireworks_ai", "fireworks-ai", "fireworks.chat"],
        ["moonshotai"] = ["moonshot_ai", "moonshot", "moonshotai.chat"],
        ["voyageai"] = ["voyage_ai", "voyage"],
        ["perplexity"] = ["perplexity_ai", "perplexity.chat"],
        ["openrouter"] = ["openrouter.chat", "open_router"],
        ["cerebras"] = ["cerebras.chat"],
    };

    /// <summary>Span values that name the provider, besides its id.</summary>
    public static IReadOnlyList<string> NamesOf(string provider) => Names.GetValueOrDefault(provider, []);

    /// <summary>
    /// On Bedrock the requested id carries the region's prefix (<c>us.</c>, <c>global.</c>), which the price depends on; the answer of a Claude model
    /// repeats Anthropic's bare id.
    /// </summary>
    public static bool RequestedDecides(string provider) => provider == "aws";

    /// <summary>OpenAI calls its priority tier fast mode in places; its sources say that the prices are the same.</summary>
    public static IReadOnlyDictionary<string, string> ServiceTierNamesOf(string provider) =>
        provider is "openai" or "azure" ? new Dictionary<string, string> { ["fast"] = "priority" } : new Dictionary<string, string>();

    /// <summary>Models that the source lists without a price because they cost nothing, as against those whose price it does not know.</summary>
    public static bool IsFree(string provider, string model) =>
        model.EndsWith(":free", StringComparison.Ordinal) || (provider, model) is ("openai", "moderation") or ("google", "gemma-4-26b-a4b-it") or ("google", "gemma-4-31b-it");

    /// <summary>Embedding models have input only; a price for output in the source would make every call look incomplete.</summary>
    public static bool IsEmbedding(string model) => model.Contains("embed", StringComparison.OrdinalIgnoreCase);
}
