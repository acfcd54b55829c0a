using Telemetry.ClickHouse.Client;
using Telemetry.Query.Ask;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Api;

/// <summary>Makes sure that statements of people run as somebody whom the engine itself keeps from changing anything.</summary>
internal sealed class ReadOnlyGuard(QueryRunner runner)
{
    private static readonly Statement s_question = new("readonly", "SELECT toInt64(value) AS level FROM system.settings WHERE name = 'readonly'", new Dictionary<string, object?>(), [Column.Integer("level", "0 may change everything")]);

    private volatile bool _readOnly;

    /// <summary>Asks the engine once.</summary>
    /// <exception cref="ProblemException">The user may change things.</exception>
    /// <exception cref="ClickHouseException">The engine cannot be asked.</exception>
    public async Task RequireAsync(CancellationToken cancellation)
    {
        if (!_readOnly)
        {
            Result result = await runner.AskAsync(s_question, AccessScope.All, cancellation);
            _readOnly = result.Answer.Rows.Count == 1 && result.Answer.Rows[0].GetInt64("level") > 0
                ? true
                : throw new ProblemException(Problem.Forbidden("Statements are answered only as a read-only user of ClickHouse, and the console asks as one who may change things (Telemetry:EmbeddedClickHouse:ReadOnlyUser, or Telemetry:ClickHouse:User)"));
        }
    }
}
