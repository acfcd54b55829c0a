using System.Text;
using Telemetry.Screening.Words;

namespace Telemetry.Screening.Secrets;

/// <summary>The issuers whose keys can be told by their beginning.</summary>
internal static class SecretTokens
{
    /// <summary>One rule for each issuer; a longer prefix stands before a shorter one that it begins with.</summary>
    public static IWordRule[] All { get; } =
    [
        Of("anthropic_key", 20, "sk-ant-"),
        Of("openrouter_key", 20, "sk-or-"),
        Of("openai_key", 20, "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-"),
        Of("stripe_key", 16, "sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"),
        Of("github_token", 30, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        Of("gitlab_token", 20, "glpat-"),
        Of("slack_token", 20, "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"),
        Of("google_key", 30, "AIza"),
        Of("groq_key", 30, "gsk_"),
        Of("xai_key", 30, "xai-"),
        Of("huggingface_token", 28, "hf_"),
        Of("replicate_token", 30, "r8_"),
        Of("perplexity_key", 30, "pplx-"),
        Of("nvidia_key", 30, "nvapi-"),
        Of("npm_token", 30, "npm_"),
        Of("pypi_token", 40, "pypi-"),
        Of("digitalocean_token", 40, "dop_v1_", "doo_v1_"),
        Of("shopify_token", 30, "shpat_", "shpca_", "shppa_"),
        Of("databricks_token", 30, "dapi"),
        Of("langfuse_key", 30, "sk-lf-"),
        Of("langsmith_key", 30, "lsv2_pt_", "lsv2_sk_"),
    ];

    private static SecretTokenRule Of(string name, int fewest, params string[] prefixes) => new(name, fewest, [.. prefixes.Select(Encoding.ASCII.GetBytes)]);
}
