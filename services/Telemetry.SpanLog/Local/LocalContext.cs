using Microsoft.Extensions.Logging;

namespace Telemetry.SpanLog.Local;

/// <summary>What all parts of one local log share.</summary>
/// <param name="Root">The log's directory, absolute.</param>
/// <param name="Options">The options.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Logger">The logger.</param>
/// <param name="Time">The clock.</param>
internal sealed record LocalContext(string Root, SpanLogOptions Options, LocalDisk Disk, ILogger Logger, TimeProvider Time);
