using System.Net;

namespace Telemetry.Access.Audit;

/// <summary>One thing that somebody did.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Action">What, such as <c>content.read</c>.</param>
/// <param name="Subject">About what; may be empty.</param>
/// <param name="Detail">More, for people; may be empty. Never a secret.</param>
/// <param name="Address">Where from; null when not known.</param>
public sealed record AuditEntry(Reader Actor, string Action, string Subject = "", string Detail = "", IPAddress? Address = null);
