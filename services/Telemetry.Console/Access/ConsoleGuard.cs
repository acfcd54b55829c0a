using Telemetry.Access.Audit;
using Telemetry.Access.Web;

namespace Telemetry.Console.Access;

/// <summary>Who may come in, and where it is noted what they read and change.</summary>
/// <param name="Gate">Stands before every route.</param>
/// <param name="Audit">Notes.</param>
public sealed record ConsoleGuard(AccessGate Gate, AuditLog Audit);
