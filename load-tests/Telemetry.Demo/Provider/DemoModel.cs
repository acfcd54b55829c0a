namespace Telemetry.Demo.Provider;

/// <summary>A model of the demo provider: what it answers as, and how fast.</summary>
/// <param name="Requested">Name that clients ask for.</param>
/// <param name="Answered">Name in the response.</param>
/// <param name="Maker">OpenTelemetry provider name of its maker; several makers stand behind one gateway.</param>
/// <param name="FirstTokenMilliseconds">Median time to first token.</param>
/// <param name="TokensPerSecond">Median speed after it.</param>
/// <param name="ReasoningShare">Share of the output that is reasoning.</param>
internal sealed record DemoModel(string Requested, string Answered, string Maker, double FirstTokenMilliseconds, double TokensPerSecond, double ReasoningShare = 0)
{
    /// <summary>The embedding model.</summary>
    public const string Embedding = "text-embedding-3-small";

    /// <summary>All models.</summary>
    public static IReadOnlyList<DemoModel> All { get; } =
    [
        new("gpt-4o-mini", "gpt-4o-mini-2024-07-18", "openai", 120, 900),
        new("gpt-4o", "gpt-4o-2024-08-06", "openai", 220, 600),
        new("gpt-5-mini", "gpt-5-mini-2025-08-07", "openai", 400, 800, ReasoningShare: 0.6),
        new("claude-sonnet-4-5", "claude-sonnet-4-5-20250929", "anthropic", 300, 500),
        new("house-model-1", "house-model-1", "openai", 60, 1500), // in no price list: its cost must stay unknown
        new(Embedding, Embedding, "openai", 40, 1),
    ];

    /// <summary>The model of that name; null when the provider has none.</summary>
    public static DemoModel? Find(string requested) => All.FirstOrDefault(m => m.Requested == requested);
}
