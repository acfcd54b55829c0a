namespace Telemetry.Hosting.Tls;

/// <summary>A certificate or key cannot be used; the message names the file and what is wrong with it.</summary>
public sealed class TlsException(string message, Exception? innerException = null) : Exception(message, innerException);
