namespace Telemetry.Keys;

/// <summary>The keys file is wrong; the message names the file, the place and what is allowed, never a hash.</summary>
public sealed class KeyFileException(string message, Exception? innerException = null) : Exception(message, innerException);
