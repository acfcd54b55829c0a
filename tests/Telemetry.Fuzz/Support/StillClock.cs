namespace Telemetry.Fuzz.Support;

/// <summary>A clock that stands, so that an input gives the same rows whenever it is read.</summary>
internal sealed class StillClock : TimeProvider
{
    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
}
