namespace Telemetry.LoadGenerator.Payload;

/// <summary>Who is imitated.</summary>
internal enum DialectName
{
    /// <summary>OpenTelemetry GenAI conventions.</summary>
    OpenTelemetry,

    /// <summary>OpenInference.</summary>
    OpenInference,

    /// <summary>Vercel AI SDK.</summary>
    Vercel,

    /// <summary>OpenLLMetry.</summary>
    OpenLlmetry,
}

/// <summary>What a request holds.</summary>
internal sealed record PayloadSettings
{
    /// <summary>Distinct services, models and prompt names at most: what four digits and the templates hold.</summary>
    public const int MostKeys = 1000;

    /// <summary>Dialect.</summary>
    public DialectName Dialect { get; init; }

    /// <summary>JSON instead of protobuf.</summary>
    public bool Json { get; init; }

    /// <summary>Bytes of the prompt of each call; 0 records no messages.</summary>
    public int PromptBytes { get; init; }

    /// <summary>Spans of a request.</summary>
    public int Spans { get; init; } = 100;

    /// <summary>Spans of a trace; the last one of a request may have fewer.</summary>
    public int SpansPerTrace { get; init; } = 10;

    /// <summary>Distinct services.</summary>
    public int Services { get; init; } = 10;

    /// <summary>Distinct models.</summary>
    public int Models { get; init; } = 8;

    /// <summary>Distinct prompt names.</summary>
    public int Prompts { get; init; } = 20;

    /// <summary>Marker calls: a service of their own, and every request a model of its own.</summary>
    public bool Markers { get; init; }
}
