namespace Telemetry.Processor.Normalize;

/// <summary>
/// Brings provider names to the values of <c>gen_ai.provider.name</c>. Source: OpenTelemetry GenAI conventions 1.41 (provider names) and the values of
/// <c>gen_ai.system</c> before 1.37, with the capitalised and framework names seen from instrumentations.
/// </summary>
internal static class ProviderNames
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["vertex_ai"] = "gcp.vertex_ai",
        ["vertexai"] = "gcp.vertex_ai",
        ["gemini"] = "gcp.gemini",
        ["google"] = "gcp.gen_ai",
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
        ["azure_ai"] = "azure.ai.inference",
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
        ["perplexity_ai"] = "perplexity",

        // Frameworks, not providers: who answered must be told by something else.
        ["langchain"] = "",
        ["langgraph"] = "",
        ["crewai"] = "",
        ["llama_index"] = "",
        ["llamaindex"] = "",
        ["litellm"] = "",
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
        ("google.generative-ai", "gcp.gemini"),
        ("amazon-bedrock", "aws.bedrock"),
        ("bedrock.", "aws.bedrock"),
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
    ];

    // Families that only their maker serves under these names; open models are served by many and say nothing about who answered.
    private static readonly (string Prefix, string Name)[] Makers =
    [
        ("gpt-oss", ""),
        ("gpt-", "openai"),
        ("chatgpt-", "openai"),
        ("o1", "openai"),
        ("o3", "openai"),
        ("o4", "openai"),
        ("text-embedding-3", "openai"),
        ("text-embedding-ada", "openai"),
        ("claude-", "anthropic"),
        ("gemini-", "gcp.gemini"),
        ("command-", "cohere"),
        ("grok-", "x_ai"),
        ("sonar", "perplexity"),
    ];

    /// <summary>The provider's OpenTelemetry name; an unknown name is given back in lower case.</summary>
    public static string Normalize(string name)
    {
        if (name.Length == 0 || Known.TryGetValue(name, out string? known))
        {
            return name.Length == 0 ? "" : Known[name];
        }

        foreach ((string prefix, string provider) in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return provider;
            }
        }

        return name.AsSpan().ContainsAnyInRange('A', 'Z') ? name.ToLowerInvariant() : name;
    }

    /// <summary>
    /// The provider from all that names it: what the span calls it, the host that a dialect names apart from the API's maker, and the server's address. The
    /// name may be that of the API flavour which the client believes to talk to, so a host that belongs to another provider outranks it.
    /// </summary>
    public static string Resolve(string name, string host, string serverAddress)
    {
        string provider = Normalize(host.Length > 0 ? host : name);
        if (provider == "gcp.gen_ai" && host.Length > 0 && Normalize(name) is "gcp.vertex_ai" or "gcp.gemini")
        {
            provider = Normalize(name);
        }

        return OfHost(serverAddress) is { Length: > 0 } owner && !IsSameHouse(owner, provider) ? owner : provider;
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
                return name;
            }
        }

        return "";
    }

    // One owner under several names: the finer name on the span stays.
    private static bool IsSameHouse(string owner, string provider) => provider == owner
        || (owner.StartsWith("gcp.", StringComparison.Ordinal) && provider.StartsWith("gcp.", StringComparison.Ordinal))
        || (owner.StartsWith("azure.", StringComparison.Ordinal) && provider.StartsWith("azure.", StringComparison.Ordinal));
}
