namespace Telemetry.Collector.Redact;

/// <summary>What is done with personal and secret data.</summary>
internal enum RedactMode
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>Its kind takes its place.</summary>
    Mask,

    /// <summary>Its kind and a keyed hash take its place: equal values stay equal.</summary>
    Hash,

    /// <summary>Attributes and bodies that carry what was said go altogether; elsewhere its kind takes its place.</summary>
    DropContent,
}
