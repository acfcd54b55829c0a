namespace Telemetry.Alerting.Lease;

/// <summary>The right to evaluate and notify. Of two claims the later one counts: by epoch, then by owner.</summary>
/// <param name="Epoch">Grows with each claim.</param>
/// <param name="Owner">Random, so that two claims are never equal.</param>
internal sealed record Claim(ulong Epoch, string Owner);

/// <summary>Another instance has made a later claim, or this one gave no sign for too long.</summary>
internal sealed class ClaimLostException(string message) : Exception(message);
