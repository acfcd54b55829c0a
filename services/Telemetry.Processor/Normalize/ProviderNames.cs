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
        ["gemini"] = "gcp.gemini",
        ["az.ai.inference"] = "azure.ai.inference",
        ["az.ai.openai"] = "azure.ai.openai",
        ["azure"] = "azure.ai.openai",
        ["xai"] = "x_ai",
        ["mistral"] = "mistral_ai",
        ["mistralai"] = "mistral_ai",
        ["bedrock"] = "aws.bedrock",
        ["amazon-bedrock"] = "aws.bedrock",
        ["moonshot"] = "moonshot_ai",
    };

    // Provider ids of the Vercel AI SDK name the API behind a dot: openai.chat, anthropic.messages, google.vertex.chat.
    private static readonly (string Prefix, string Name)[] Prefixes =
    [
        ("openai.", "openai"),
        ("anthropic.", "anthropic"),
        ("azure-openai.", "azure.ai.openai"),
        ("google.vertex", "gcp.vertex_ai"),
        ("google-vertex", "gcp.vertex_ai"),
        ("google.generative-ai", "gcp.gemini"),
        ("mistral.", "mistral_ai"),
        ("cohere.", "cohere"),
        ("groq.", "groq"),
        ("xai.", "x_ai"),
        ("deepseek.", "deepseek"),
    ];

    /// <summary>The provider's OpenTelemetry name; an unknown name is given back in lower case.</summary>
    public static string Normalize(string name)
    {
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

        return HasUpperCase(name) ? name.ToLowerInvariant() : name;
    }

    private static bool HasUpperCase(string name) => name.AsSpan().ContainsAnyInRange('A', 'Z');
}
