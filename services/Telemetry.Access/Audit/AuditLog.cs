using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Access.Audit;

/// <summary>
/// Notes who did what, in the table <c>access_audit</c> and in the log. What must be known of is noted before it is done: when the note is not taken, it is not done.
/// </summary>
/// <param name="client">Writes the table; null where nobody may write, and then the log alone has it.</param>
/// <param name="loggers">Where to log.</param>
public sealed partial class AuditLog(ClickHouseClient? client, ILoggerFactory loggers)
{
    private const int LongestText = 4000;
    private static readonly TimeSpan BestEffort = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.CreateLogger<AuditLog>();

    /// <summary>Notes it, and returns when the note is kept.</summary>
    /// <exception cref="ClickHouseException">It is not kept.</exception>
    public async Task NoteAsync(AuditEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        LogEntry(entry.Actor.Name, entry.Actor.Kind, entry.Action, Shorten(entry.Subject), entry.Address?.ToString() ?? "");
        if (client is not null)
        {
            await client.ExecuteAsync(
                """
                INSERT INTO access_audit (actor, actor_kind, role, address, action, subject, detail, tenants)
                SELECT {actor:String}, {kind:String}, {role:String}, {address:String}, {action:String}, {subject:String}, {detail:String}, {tenants:Array(String)}
                """,
                new Dictionary<string, object?>
                {
                    ["actor"] = entry.Actor.Name,
                    ["kind"] = entry.Actor.Kind,
                    ["role"] = entry.Actor.Kind == "nobody" ? "" : entry.Actor.Role.ToString().ToLowerInvariant(),
                    ["address"] = entry.Address?.ToString() ?? "",
                    ["action"] = entry.Action,
                    ["subject"] = Shorten(entry.Subject),
                    ["detail"] = Shorten(entry.Detail),
                    ["tenants"] = (entry.Actor.Tenants ?? []).ToArray(),
                },
                cancellation);
        }
    }

    /// <summary>Notes it as well as possible: signing in and out goes on while ClickHouse is away, and the log has it.</summary>
    public async Task TryNoteAsync(AuditEntry entry)
    {
        using var limit = new CancellationTokenSource(BestEffort);
        try
        {
            await NoteAsync(entry, limit.Token);
        }
        catch (Exception e) when (e is ClickHouseException or OperationCanceledException)
        {
            LogNotKept(e.Message);
        }
    }

    private static string Shorten(string text) => text.Length <= LongestText ? text : text[..LongestText] + "...";

    [LoggerMessage(LogLevel.Information, "audit: {Actor} ({Kind}) {Action} {Subject} from {Address}")]
    private partial void LogEntry(string actor, string kind, string action, string subject, string address);

    [LoggerMessage(LogLevel.Error, "an audit note is in this log alone, for ClickHouse did not take it: {Reason}")]
    private partial void LogNotKept(string reason);
}
