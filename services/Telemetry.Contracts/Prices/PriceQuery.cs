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

    /// <summary>The provider's service tier when known: flex, priority, batch, default.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Whether the tokens were counted by us rather than reported.</summary>
    public bool TokensEstimated { get; init; }
}
