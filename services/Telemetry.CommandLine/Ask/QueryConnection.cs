using System.CommandLine;
using Telemetry.Query;
using Telemetry.Query.Ask;
using Telemetry.Query.Scope;

namespace Telemetry.CommandLine.Ask;

/// <summary>Asks the questions of the query library: the same statements as the console's API.</summary>
internal sealed class QueryConnection
{
    private readonly ClickHouseConnection _connection = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command) => _connection.AddTo(command);

    /// <summary>Asks one statement.</summary>
    /// <exception cref="ClickHouse.Client.ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<Result> AskAsync(ParseResult command, Statement statement, CancellationToken cancellation)
    {
        using QueryRunner runner = Open(command);
        return await runner.AskAsync(statement, AccessScope.All, cancellation);
    }

    /// <summary>Asks several statements.</summary>
    /// <exception cref="ClickHouse.Client.ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyDictionary<string, Result>> AskAllAsync(ParseResult command, IEnumerable<Statement> statements, CancellationToken cancellation)
    {
        using QueryRunner runner = Open(command);
        return await runner.AskAllAsync(statements, AccessScope.All, cancellation);
    }

    private QueryRunner Open(ParseResult command) => new(_connection.Open(command), new QueryOptions());
}
