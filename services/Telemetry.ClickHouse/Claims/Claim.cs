namespace Telemetry.ClickHouse.Claims;

/// <summary>The right to do what one instance at a time may do. Of two claims the later one counts: by epoch, then by owner.</summary>
/// <param name="Epoch">Grows with each claim.</param>
/// <param name="Owner">Random, so that two claims are never equal.</param>
public sealed record Claim(ulong Epoch, string Owner);

/// <summary>Another instance has made a later claim, or this one gave no sign for too long.</summary>
public sealed class ClaimLostException(string message) : Exception(message);
