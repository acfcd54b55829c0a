using Microsoft.AspNetCore.Http;
using Telemetry.Access;
using Telemetry.Access.Accounts;
using Telemetry.Access.Web;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Access;

/// <summary>What the reader that the gate found may see and do, as far as the options allow it to anybody.</summary>
internal sealed class ReaderAccess(ConsoleOptions options) : IAccessPolicy
{
    /// <inheritdoc />
    public AccessScope ScopeOf(HttpContext context)
    {
        Reader reader = AccessGate.ReaderOf(context);
        return new AccessScope(reader.Tenants, options.ShowContent && reader.MayReadContent, options.AllowWrites && reader.Role >= Role.Responder)
        {
            Actor = reader == Reader.Local ? null : reader.Name,
        };
    }
}
