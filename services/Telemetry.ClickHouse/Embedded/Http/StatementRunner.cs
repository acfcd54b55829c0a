using System.Buffers;
using Telemetry.ClickHouse.Embedded.Engine;
using Telemetry.ClickHouse.Embedded.Sql;

namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>One statement to run, with everything that was decided about it.</summary>
internal sealed record FrontStatement(
    FrontRequest Request, QueryText Text, FrontUser User, bool IsGet, string SetStatement, EmbeddedClickHouseOptions Options, RequestBody Body, ResponseOutput Output);

/// <summary>Runs a statement in a session and sends its result.</summary>
internal sealed class StatementRunner(EngineHost host)
{
    private const int InsertPartBytes = 256 << 10;
    private const int BadArguments = 36;

    internal async Task RunAsync(FrontStatement statement, CancellationToken cancellationToken)
    {
        bool isInsert = statement.Text.Statement.IsInsert;
        await using EngineLease lease = await (isInsert ? host.Inserts : host.Queries).RentAsync(cancellationToken);
        await lease.RunAsync(session => Prepare(session, statement));
        if (statement.Text.Statement.InsertHead is { } head)
        {
            await InsertAsync(lease, statement, head, cancellationToken);
            return;
        }

        StatementClass kind = await lease.RunAsync(session => Classify(session, statement));
        await QueryAsync(lease, statement, kind, cancellationToken);
    }

    /// <summary>The result of a query can be given only as a whole: for its format, its totals, or its extremes.</summary>
    internal static bool NeedsWhole(SqlStatement statement, FrontRequest request) => !statement.IsInsert
        && (!OutputFormat.CanStream(FormatOf(statement, request)) || statement.HasTotals || request.Settings.Any(s => s.Key == "extremes"));

    private static string FormatOf(SqlStatement statement, FrontRequest request) =>
        statement.Format ?? (request.DefaultFormat.Length > 0 ? request.DefaultFormat : "TabSeparated");

    private static void Prepare(EngineConnection session, FrontStatement statement)
    {
        if (statement.Request.Database.Length > 0)
        {
            session.Execute("USE " + Client.Identifier.Quote(statement.Request.Database));
        }

        session.Execute(statement.SetStatement);
    }

    /// <summary>The engine's own verdict on the text; the rules for users who may only read.</summary>
    private StatementClass Classify(EngineConnection session, FrontStatement statement)
    {
        (StatementClass kind, int statements) = session.Classify(statement.Text.Sql);
        if (statements > 1)
        {
            throw EngineException.Create(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)");
        }

        if (statement.Text.Statement.UsesFile)
        {
            throw EngineException.Create(48, "NOT_IMPLEMENTED", "INTO OUTFILE and FROM INFILE are not supported over HTTP");
        }

        if (kind == StatementClass.Unknown && (statement.User.ReadOnly || statement.IsGet))
        {
            session.Execute("EXPLAIN AST " + System.Text.Encoding.UTF8.GetString(statement.Text.Sql));
        }

        if (kind != StatementClass.ReadOnly && (statement.User.ReadOnly || statement.IsGet))
        {
            throw ReadOnly(statement.User.ReadOnly);
        }

        if (statement.User.ReadOnly)
        {
            ReadOnlyRules.Check(session.Format(statement.Text.Sql), statement.Request.Bound, host.TableFunctions);
        }

        return kind;
    }

    private static EngineException ReadOnly(bool user) => EngineException.Create(
        164, "READONLY", user ? "Cannot execute query in readonly mode" : "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries");

    private static async Task InsertAsync(EngineLease lease, FrontStatement statement, byte[] head, CancellationToken cancellationToken)
    {
        if (statement.User.ReadOnly || statement.IsGet)
        {
            throw ReadOnly(statement.User.ReadOnly);
        }

        string format = statement.Text.Statement.Format ?? (statement.Request.DefaultFormat.Length > 0 ? statement.Request.DefaultFormat : "Values");
        EngineInsert insert = await lease.RunAsync(session => session.StartInsert(head, format, statement.Request.Bound));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(InsertPartBytes);
        try
        {
            ReadOnlyMemory<byte> first = statement.Text.FirstData;
            await lease.RunAsync(_ => insert.Append(first.Span));
            for (int read; (read = await statement.Body.FillAsync(buffer.AsMemory(0, InsertPartBytes), cancellationToken)) > 0;)
            {
                int length = read;
                await lease.RunAsync(_ => insert.Append(buffer.AsSpan(0, length)));
            }

            EngineCounters counters = await lease.RunAsync(_ => insert.Finish());
            statement.Output.Begin("TabSeparated", counters);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await lease.RunAsync(_ => insert.Dispose());
        }
    }

    private static async Task QueryAsync(EngineLease lease, FrontStatement statement, StatementClass kind, CancellationToken cancellationToken)
    {
        string format = FormatOf(statement.Text.Statement, statement.Request);
        if (kind == StatementClass.ReadOnly && !NeedsWhole(statement.Text.Statement, statement.Request))
        {
            EngineResult? stream = await TryStartStreamAsync(lease, statement, format);
            if (stream is not null)
            {
                await StreamAsync(lease, stream, statement, format, cancellationToken);
                return;
            }
        }

        using EngineResult result = await lease.RunAsync(session => session.Query(statement.Text.Sql, format, statement.Request.Bound));
        statement.Output.Begin(format, result.Counters);
        await statement.Output.WriteAsync(result, 0, cancellationToken);
    }

    /// <summary>Null for the statements that the engine does not stream: SHOW, DESCRIBE, EXPLAIN, EXISTS.</summary>
    private static async Task<EngineResult?> TryStartStreamAsync(EngineLease lease, FrontStatement statement, string format)
    {
        try
        {
            return await lease.RunAsync(session => session.StreamQuery(statement.Text.Sql, format, statement.Request.Bound));
        }
        catch (EngineException e) when (e.Code == BadArguments && e.Message.Contains("Streaming query is not supported", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static async Task StreamAsync(EngineLease lease, EngineResult stream, FrontStatement statement, string format, CancellationToken cancellationToken)
    {
        bool ended = false;
        try
        {
            for (bool first = true; ; first = false)
            {
                using EngineResult part = await lease.RunAsync(session => session.Fetch(stream));
                if (first)
                {
                    statement.Output.Begin(format, part.Counters);
                }

                if (part.Length == 0)
                {
                    ended = true;
                    return;
                }

                int skip = first ? 0 : RepeatedHeader(format, part);
                await statement.Output.WriteAsync(part, skip, cancellationToken);
            }
        }
        catch (EngineException)
        {
            ended = true;
            throw;
        }
        finally
        {
            await lease.RunAsync(session => EndStream(session, stream, cancel: !ended));
        }
    }

    private static int RepeatedHeader(string format, EngineResult part) =>
        OutputFormat.RepeatedHeader(format, part.Data(0, (int)Math.Min(part.Length, 1 << 20)));

    private static void EndStream(EngineConnection session, EngineResult stream, bool cancel)
    {
        if (cancel)
        {
            session.Cancel(stream);
        }

        stream.Dispose();
    }
}
