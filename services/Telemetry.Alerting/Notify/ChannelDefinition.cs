namespace Telemetry.Alerting.Notify;

/// <summary>One channel of the channels file.</summary>
internal sealed record ChannelDefinition
{
    /// <summary>Unique name, as rules name it.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of receiver.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it hears of rules that name no channel.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Severities that it hears of by default; empty for all.</summary>
    public IReadOnlyList<string> Severities { get; init; } = [];

    /// <summary>Most messages a minute; what comes over it is collected.</summary>
    public int MaxPerMinute { get; init; } = 30;

    /// <summary>Longest time of one attempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a notification is tried.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether it may be in a private network.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Where to.</summary>
    public Uri? Url { get; init; }

    /// <summary>Signing secret, routing key or password.</summary>
    public string Secret { get; init; } = "";

    /// <summary>User, for basic authentication and SMTP.</summary>
    public string User { get; init; } = "";

    /// <summary>Mail server.</summary>
    public string Host { get; init; } = "";

    /// <summary>Port of the mail server.</summary>
    public int Port { get; init; } = 587;

    /// <summary>Whether the mail server is spoken to with STARTTLS.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>Sender of mails.</summary>
    public string From { get; init; } = "";

    /// <summary>Receivers of mails.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>What must not appear in logs and answers.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}
