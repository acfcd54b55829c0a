using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Prices;

/// <summary>What a call's price depends on.</summary>
public readonly record struct PriceQuery
{
    /// <summary>OpenTelemetry provider name, for example <c>openai</c> or <c>azure.ai.openai</c>; null or empty when unknown.</summary>
    public string? Provider { get; init; }

    /// <summary>The model asked for; on Azure often a deployment name.</summary>
    public string? ModelRequested { get; init; }

    /// <summary>The model that answered; preferred where both can be priced.</summary>
    public string? ModelAnswered { get; init; }

    /// <summary>When the call ran: prices have effective dates.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What was used.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>The service tier that answered, when known, in the provider's words: default, flex, priority, batch. Null or empty means the standard one.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Web searches that the provider ran for the call and charges for; null when not reported, which bills none.</summary>
    public long? WebSearches { get; init; }

    /// <summary>Whether the tokens were counted by us rather than reported.</summary>
    public bool TokensEstimated { get; init; }
}
