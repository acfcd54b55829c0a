namespace Telemetry.Access.Accounts;

/// <summary>The accounts file is wrong; the message names the file, the place and what is allowed, never a hash.</summary>
public sealed class AccessFileException(string message, Exception? innerException = null) : Exception(message, innerException);
