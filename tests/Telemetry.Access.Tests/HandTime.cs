namespace Telemetry.Access.Tests;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class HandTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan by) => _now += by;

    public override DateTimeOffset GetUtcNow() => _now;
}
