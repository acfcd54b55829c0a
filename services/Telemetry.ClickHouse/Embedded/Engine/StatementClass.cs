namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>What a statement does to state that outlives it, as the engine's own parser says.</summary>
internal enum StatementClass
{
    ReadOnly = 0,
    Mutating = 1,
    MutatingGlobal = 2,
    Control = 3,

    /// <summary>The text does not parse, or is of a kind that is not classified.</summary>
    Unknown = 4,
}
