namespace Telemetry.Processor.Normalize;

/// <summary>
/// Brings provider names to the values of <c>gen_ai.provider.name</c>. Source: OpenTelemetry GenAI conventions 1.41 (provider names) and the values of
/// <c>gen_ai.system</c> before 1.37, with the capitalised and framework names seen from instrumentations.
/// </summary>
internal static class ProviderNames
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        // Spelt as the conventions spell them, in any case.
        ["openai"] = "openai",
        ["anthropic"] = "anthropic",
        ["cohere"] = "cohere",
        ["groq"] = "groq",
        ["deepseek"] = "deepseek",
        ["perplexity"] = "perplexity",
        ["ollama"] = "ollama",

        ["vertex_ai"] = "gcp.vertex_ai",
        ["vertexai"] = "gcp.vertex_ai",
        ["gemini"] = "gcp.gemini",
        ["vertex_ai_beta"] = "gcp.vertex_ai",
        ["vertex"] = "gcp.vertex_ai",
        ["google-vertex"] = "gcp.vertex_ai",
        ["googleai"] = "gcp.gemini",
        ["google_ai"] = "gcp.gemini",
        ["google_ai_studio"] = "gcp.gemini",
        ["google"] = "gcp.gen_ai",
        ["google genai"] = "gcp.gen_ai",
        ["google_genai"] = "gcp.gen_ai",
        ["google_generativeai"] = "gcp.gemini",
        ["google_vertexai"] = "gcp.vertex_ai",
        ["gcp.vertex.agent"] = "gcp.gen_ai",
        ["az.ai.inference"] = "azure.ai.inference",
        ["az.ai.openai"] = "azure.ai.openai",
        ["azure"] = "azure.ai.openai",
        ["azure_openai"] = "azure.ai.openai",
        ["azure-openai"] = "azure.ai.openai",
        ["azureopenai"] = "azure.ai.openai",
        ["azure openai"] = "azure.ai.openai",
        ["azure_text"] = "azure.ai.openai",
        ["azure_ai"] = "azure.ai.inference",
        ["azure_ai_inference"] = "azure.ai.inference",
        ["azureaiinference"] = "azure.ai.inference",
        ["xai"] = "x_ai",
        ["x-ai"] = "x_ai",
        ["mistral"] = "mistral_ai",
        ["mistralai"] = "mistral_ai",
        ["bedrock"] = "aws.bedrock",
        ["bedrock_converse"] = "aws.bedrock",
        ["amazon-bedrock"] = "aws.bedrock",
        ["amazon_bedrock"] = "aws.bedrock",
        ["amazon"] = "aws.bedrock",
        ["aws"] = "aws.bedrock",
        ["aws_bedrock"] = "aws.bedrock",
        ["moonshot"] = "moonshot_ai",
        ["moonshotai"] = "moonshot_ai",
        ["together_ai"] = "together",
        ["togetherai"] = "together",
        ["fireworks_ai"] = "fireworks",
        ["watsonx"] = "ibm.watsonx.ai",
        ["watsonx_text"] = "ibm.watsonx.ai",
        ["ibm"] = "ibm.watsonx.ai",
        ["ibm_watsonx_ai"] = "ibm.watsonx.ai",
        ["perplexity_ai"] = "perplexity",
        ["perplexityai"] = "perplexity",
        ["mistral ai"] = "mistral_ai",
        ["codestral"] = "mistral_ai",
        ["text-completion-codestral"] = "mistral_ai",
        ["text-completion-openai"] = "openai",
        ["anthropic_text"] = "anthropic",
        ["cohere_chat"] = "cohere",
        ["ollama_chat"] = "ollama",
        ["ai21_chat"] = "ai21",
        ["hosted_vllm"] = "vllm",
        ["aws bedrock"] = "aws.bedrock",
        ["amazon bedrock"] = "aws.bedrock",
        ["awsbedrock"] = "aws.bedrock",
        ["amazonbedrock"] = "aws.bedrock",
        ["hugging_face"] = "huggingface",

        // Frameworks, not providers: who answered must be told by something else.
        ["langchain"] = "",
        ["langgraph"] = "",
        ["crewai"] = "",
        ["llama_index"] = "",
        ["llamaindex"] = "",
        ["litellm"] = "",
        ["litellm_proxy"] = "",
        ["strands-agents"] = "",
        ["haystack"] = "",
        ["agno"] = "",
        ["none"] = "",
        ["null"] = "",
        ["unknown"] = "",
        ["autogen"] = "",
        ["semantic_kernel"] = "",
        ["_other"] = "",
    };

    // Provider ids of the Vercel AI SDK name the API behind a dot: openai.chat, anthropic.messages, google.vertex.chat.
    private static readonly (string Prefix, string Name)[] Prefixes =
    [
        ("openai.", "openai"),
        ("anthropic.", "anthropic"),
        ("azure-openai", "azure.ai.openai"),
        ("azure.openai", "azure.ai.openai"),
        ("azure.chat", "azure.ai.openai"),
        ("azure.responses", "azure.ai.openai"),
        ("azure.completion", "azure.ai.openai"),
        ("azure.embeddings", "azure.ai.openai"),
        ("google.vertex", "gcp.vertex_ai"),
        ("google-vertex", "gcp.vertex_ai"),
        ("vertex.", "gcp.vertex_ai"),
        ("vertex_ai-", "gcp.vertex_ai"),
        ("googlevertex.", "gcp.vertex_ai"),
        ("google.generative-ai", "gcp.gemini"),
        ("amazon-bedrock", "aws.bedrock"),
        ("bedrock.", "aws.bedrock"),
        ("bedrock-", "aws.bedrock"),
        ("mistral.", "mistral_ai"),
        ("cohere.", "cohere"),
        ("groq.", "groq"),
        ("xai.", "x_ai"),
        ("deepseek.", "deepseek"),
        ("moonshotai.", "moonshot_ai"),
        ("togetherai.", "together"),
        ("fireworks.", "fireworks"),
        ("openrouter.", "openrouter"),
        ("perplexity.", "perplexity"),
        ("cerebras.", "cerebras"),
        ("vercel.", "vercel"),
    ];

    // What the AI SDK puts behind a provider's name, the caller's own name for an OpenAI-compatible one included: lmstudio.chat.
    private static readonly string[] ApiSuffixes = [".chat", ".completion", ".responses", ".messages", ".embedding", ".embeddings", ".textEmbedding", ".image", ".reranking", ".transcription", ".speech"];

    // Hosts of the providers' own APIs; the host is asked by its end.
    private static readonly (string HostEnd, string Name)[] Hosts =
    [
        ("api.openai.com", "openai"),
        (".openai.azure.com", "azure.ai.openai"),
        (".cognitiveservices.azure.com", "azure.ai.openai"),
        (".services.ai.azure.com", "azure.ai.inference"),
        (".inference.ai.azure.com", "azure.ai.inference"),
        ("api.anthropic.com", "anthropic"),
        ("generativelanguage.googleapis.com", "gcp.gemini"),
        ("aiplatform.googleapis.com", "gcp.vertex_ai"),
        ("api.mistral.ai", "mistral_ai"),
        ("api.cohere.com", "cohere"),
        ("api.cohere.ai", "cohere"),
        ("api.deepseek.com", "deepseek"),
        ("api.x.ai", "x_ai"),
        ("api.groq.com", "groq"),
        ("api.together.xyz", "together"),
        ("api.together.ai", "together"),
        ("api.fireworks.ai", "fireworks"),
        ("openrouter.ai", "openrouter"),
        ("api.perplexity.ai", "perplexity"),
        ("api.cerebras.ai", "cerebras"),
        ("api.moonshot.ai", "moonshot_ai"),
        ("api.moonshot.cn", "moonshot_ai"),
        ("dashscope.aliyuncs.com", "alibaba_cloud"),
        ("dashscope-intl.aliyuncs.com", "alibaba_cloud"),
        (".ml.cloud.ibm.com", "ibm.watsonx.ai"),
        ("router.huggingface.co", "huggingface"),
        ("api-inference.huggingface.co", "huggingface"),
        ("api.deepinfra.com", "deepinfra"),
        ("api.voyageai.com", "voyageai"),
        ("api.replicate.com", "replicate"),
    ];

    // Families that only their maker serves under these names, and forms of id that only one host has; open models are served by many and say nothing about
    // who answered.
    private static readonly (string Prefix, string Name)[] Makers =
    [
        ("gpt-oss", ""),
        ("gpt-", "openai"),
        ("chatgpt-", "openai"),
        ("ft:gpt-", "openai"),
        ("o1", "openai"),
        ("o3", "openai"),
        ("o4", "openai"),
        ("text-embedding-3", "openai"),
        ("text-embedding-ada", "openai"),
        ("text-davinci", "openai"),
        ("davinci-", "openai"),
        ("babbage-", "openai"),
        ("codex-", "openai"),
        ("computer-use-preview", "openai"),
        ("dall-e-", "openai"),
        ("whisper-1", "openai"),
        ("tts-1", "openai"),
        ("omni-moderation", "openai"),
        ("claude-", "anthropic"),
        ("gemini-", "gcp.gemini"),
        ("models/gemini-", "gcp.gemini"),
        ("publishers/google/", "gcp.vertex_ai"),
        ("publishers/anthropic/", "gcp.vertex_ai"),
        ("projects/", "gcp.vertex_ai"),
        ("arn:aws:bedrock:", "aws.bedrock"),
        ("arn:aws-us-gov:bedrock:", "aws.bedrock"),
        ("anthropic.claude", "aws.bedrock"),
        ("us.anthropic.claude", "aws.bedrock"),
        ("eu.anthropic.claude", "aws.bedrock"),
        ("apac.anthropic.claude", "aws.bedrock"),
        ("jp.anthropic.claude", "aws.bedrock"),
        ("au.anthropic.claude", "aws.bedrock"),
        ("global.anthropic.claude", "aws.bedrock"),
        ("amazon.nova", "aws.bedrock"),
        ("us.amazon.nova", "aws.bedrock"),
        ("eu.amazon.nova", "aws.bedrock"),
        ("apac.amazon.nova", "aws.bedrock"),
        ("amazon.titan", "aws.bedrock"),
        ("us.meta.llama", "aws.bedrock"),
        ("meta.llama", "aws.bedrock"),
        ("command-", "cohere"),
        ("embed-english", "cohere"),
        ("embed-multilingual", "cohere"),
        ("rerank-", "cohere"),
        ("grok-", "x_ai"),
        ("sonar", "perplexity"),
        ("deepseek-chat", "deepseek"),
        ("deepseek-reasoner", "deepseek"),
        ("mistral-large", "mistral_ai"),
        ("mistral-medium", "mistral_ai"),
        ("codestral-", "mistral_ai"),
        ("voyage-", "voyageai"),
    ];

    /// <summary>The provider's OpenTelemetry name; an unknown name is given back in lower case, a framework's name as empty.</summary>
    public static string Normalize(string name)
    {
        if (name.Length == 0)
        {
            return "";
        }

        if (Known.TryGetValue(name, out string? known))
        {
            return known;
        }

        foreach ((string prefix, string provider) in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return provider;
            }
        }

        foreach (string suffix in ApiSuffixes)
        {
            if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return Normalize(name[..^suffix.Length]);
            }
        }

        if (OfHost(name) is { Length: > 0 } owner)
        {
            return owner;
        }

        return name.AsSpan().ContainsAnyInRange('A', 'Z') ? name.ToLowerInvariant() : name;
    }

    /// <summary>
    /// The provider from all that names it: what the span calls it, the host that a dialect names apart from the API's maker, and the server's address. The
    /// name may be that of the API flavour which the client believes to talk to, so a host that belongs to another provider outranks it.
    /// </summary>
    public static string Resolve(string name, string host, string serverAddress)
    {
        string maker = Normalize(name);
        string provider = Normalize(host) is { Length: > 0 } served ? served : maker;
        if (provider == "gcp.gen_ai" && maker is "gcp.vertex_ai" or "gcp.gemini")
        {
            provider = maker;
        }

        if (OfHost(serverAddress) is not { Length: > 0 } owner || owner == provider)
        {
            return provider;
        }

        // Where the span says only that it is one of Google's, the address says which.
        return provider == "gcp.gen_ai" || !IsSameHouse(owner, provider) ? owner : provider;
    }

    /// <summary>The provider whose API lives at a host or URL; empty when that is not known.</summary>
    public static string OfHost(string address)
    {
        if (address.Length == 0)
        {
            return "";
        }

        ReadOnlySpan<char> host = address;
        int scheme = host.IndexOf("://", StringComparison.Ordinal);
        host = scheme >= 0 ? host[(scheme + 3)..] : host;
        int end = host.IndexOfAny('/', ':', '?');
        host = end >= 0 ? host[..end] : host;
        foreach ((string hostEnd, string name) in Hosts)
        {
            bool isPart = hostEnd[0] == '.' ? host.EndsWith(hostEnd, StringComparison.OrdinalIgnoreCase)
                : host.Equals(hostEnd, StringComparison.OrdinalIgnoreCase) || (host.Length > hostEnd.Length && host.EndsWith(hostEnd, StringComparison.OrdinalIgnoreCase) && host[^(hostEnd.Length + 1)] is '.' or '-');
            if (isPart)
            {
                return name;
            }
        }

        return host.StartsWith("bedrock-runtime", StringComparison.OrdinalIgnoreCase) ? "aws.bedrock" : "";
    }

    /// <summary>The provider that alone serves a model of this name; empty when others may.</summary>
    public static string OfModel(string model)
    {
        foreach ((string prefix, string name) in Makers)
        {
            if (model.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                // Vertex AI puts a version behind an at sign: claude-sonnet-4-5@20250929.
                return name == "anthropic" && model.Contains('@', StringComparison.Ordinal) ? "gcp.vertex_ai" : name;
            }
        }

        return "";
    }

    // One owner under several names: the finer name on the span stays.
    private static bool IsSameHouse(string owner, string provider) => provider == owner
        || (owner.StartsWith("gcp.", StringComparison.Ordinal) && provider.StartsWith("gcp.", StringComparison.Ordinal))
        || (owner.StartsWith("azure.", StringComparison.Ordinal) && provider.StartsWith("azure.", StringComparison.Ordinal));
}
