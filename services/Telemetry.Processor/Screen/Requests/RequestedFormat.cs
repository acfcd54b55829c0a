namespace Telemetry.Processor.Screen.Requests;

/// <summary>What form of answer a request asked for.</summary>
/// <param name="IsJson">Whether it asked for JSON.</param>
/// <param name="Schema">The JSON schema that it gave, as JSON; empty when it gave none.</param>
internal readonly record struct RequestedFormat(bool IsJson, ReadOnlyMemory<byte> Schema);
