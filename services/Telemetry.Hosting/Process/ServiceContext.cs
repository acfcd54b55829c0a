using Microsoft.Extensions.Logging;
using Telemetry.Hosting.Configuration;

namespace Telemetry.Hosting.Process;

/// <summary>What a process gets to build its parts from.</summary>
/// <param name="Options">Reads the sections; all errors are reported together after the build.</param>
/// <param name="Loggers">Structured logs to standard error.</param>
/// <param name="Time">The clock.</param>
public sealed record ServiceContext(OptionsReader Options, ILoggerFactory Loggers, TimeProvider Time);
