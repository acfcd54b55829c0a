using Microsoft.AspNetCore.Http;
using Telemetry.Access.Audit;
using Telemetry.Access.Web;
using Telemetry.Query.Ask;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Access;

/// <summary>Notes before it happens who reads what people said, who runs statements of their own, and who changes something. What is not noted does not happen.</summary>
internal sealed class AnswerAudit(AuditLog audit)
{
    // Tables and views that hold messages: by themselves, or whole in records that could not be read.
    private static readonly string[] s_withContent = ["llm_content", "dead_letters"];

    /// <summary>Before the answer's statements are run.</summary>
    public async Task ReadsAsync(HttpContext context, AccessScope scope, IEnumerable<Statement> statements, bool peopleWrote)
    {
        foreach (Statement statement in statements)
        {
            if (peopleWrote)
            {
                await NoteAsync(context, AuditActions.RunSql, statement.Sql);
            }
            else if (scope.MayReadContent && Array.Exists(s_withContent, t => statement.Sql.Contains(t, StringComparison.Ordinal)))
            {
                await NoteAsync(context, AuditActions.ReadContent, statement.Name);
            }
        }
    }

    /// <summary>Before something is changed.</summary>
    public Task ChangesAsync(HttpContext context) => NoteAsync(context, AuditActions.Change, context.Request.Method);

    private Task NoteAsync(HttpContext context, string action, string detail) => audit.NoteAsync(
        new AuditEntry(AccessGate.ReaderOf(context), action, context.Request.Path + context.Request.QueryString, detail, context.Connection.RemoteIpAddress), context.RequestAborted);
}
