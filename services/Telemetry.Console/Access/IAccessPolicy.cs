using Microsoft.AspNetCore.Http;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Access;

/// <summary>Says what a request may see and do. Every answer is made under what it says.</summary>
internal interface IAccessPolicy
{
    /// <summary>The scope of a request.</summary>
    AccessScope ScopeOf(HttpContext context);
}

/// <summary>Without users: what the options allow, to everybody who reaches the port.</summary>
internal sealed class ConfiguredAccess(ConsoleOptions options) : IAccessPolicy
{
    private readonly AccessScope _scope = new(null, options.ShowContent, options.AllowWrites);

    /// <inheritdoc />
    public AccessScope ScopeOf(HttpContext context) => _scope;
}
