namespace Telemetry.Processor.Attribution;

/// <summary>A span of the trace at hand that may be billed.</summary>
internal struct Candidate
{
    /// <summary>Its place in the window.</summary>
    public int Place;

    /// <summary>The nearest candidate above it, by index; -1 when there is none.</summary>
    public int Ancestor;

    /// <summary>First of what stands below it and is billed so far; -1 when there is none.</summary>
    public int FirstBelow;

    /// <summary>Last of these.</summary>
    public int LastBelow;

    /// <summary>Next in the list that it stands in; -1 at its end.</summary>
    public int NextSibling;

    /// <summary>A parent of it is not remembered, so that it is not known what stands above it.</summary>
    public bool IsBroken;

    /// <summary>Whether it is billed.</summary>
    public bool IsBilled;

    /// <summary>Why it is not billed; empty when it is.</summary>
    public string Reason;
}
