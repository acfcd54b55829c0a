using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;
using Telemetry.Console.Access;
using Telemetry.Query.Ask;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Api;

/// <summary>Answers the requests of all routes: reads them, asks, writes; whatever goes wrong becomes a problem.</summary>
internal sealed partial class ApiEndpoint(QueryRunner runner, IAccessPolicy access, AnswerAudit? audit, TimeProvider time, ILogger<ApiEndpoint> logger)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context, ApiRoute route)
    {
        long started = time.GetTimestamp();
        await AnswerAsync(context, route);
        ApiMetrics.Answered(route, context.Response.StatusCode, time.GetElapsedTime(started));
    }

    private async Task AnswerAsync(HttpContext context, ApiRoute route)
    {
        bool peopleWrote = false;
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            if (route.Writes && !HostRules.IsOurs(context.Request))
            {
                throw new ProblemException(Problem.Forbidden("Requests that change something are not taken from pages of other sites"));
            }

            AccessScope scope = access.ScopeOf(context);
            var request = new ApiRequest(context, route, scope, time.GetUtcNow());
            if (route.Writes && scope.MayWrite && audit is not null)
            {
                await audit.ChangesAsync(context);
            }

            Answer answer = await route.Handle(request);
            peopleWrote = answer is TableAnswer { PeopleWrote: true };
            if (audit is not null)
            {
                await audit.ReadsAsync(context, scope, answer switch { TableAnswer table => [table.Statement], PartsAnswer parts => parts.Statements, _ => [] }, peopleWrote);
            }

            await WriteAsync(context, answer, scope);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
#pragma warning disable CA1031 // Whatever a request ends in is answered as a problem.
        catch (Exception e) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            await FailAsync(context, route, e, peopleWrote);
        }
    }

    private async Task WriteAsync(HttpContext context, Answer answer, AccessScope scope)
    {
        switch (answer)
        {
            case TableAnswer table:
                await WriteTableAsync(context, table, scope);
                break;
            case PartsAnswer parts:
                IReadOnlyDictionary<string, Result> results = await runner.AskAllAsync(parts.Statements, scope, context.RequestAborted);
                if (parts.Required is { } required && !results[required.Part].Rows.Any())
                {
                    throw new ProblemException(Problem.NotFound(required.Missing));
                }

                await AnswerWriter.WriteAsync(context, parts, results);
                break;
            case ObjectAnswer made:
                await AnswerWriter.WriteAsync(context, made);
                break;
        }
    }

    private async Task WriteTableAsync(HttpContext context, TableAnswer table, AccessScope scope)
    {
        AnswerFormat format = AnswerFormat.Of(context.Request, context.Request.Query["format"] is [{ } name] ? name : null);
        if (format == AnswerFormat.Json)
        {
            await AnswerWriter.WriteAsync(context, table, await runner.AskAsync(table.Statement, scope, context.RequestAborted));
        }
        else
        {
            await Export.WriteAsync(context, table, format, runner, scope);
        }
    }

    private async Task FailAsync(HttpContext context, ApiRoute route, Exception error, bool peopleWrote)
    {
        Problem? problem = Problem.Of(error, peopleWrote);
        if (problem is null)
        {
            LogFailed(route.Path, error);
            problem = new Problem(StatusCodes.Status500InternalServerError, "internal", "Something is wrong here", "The log of this process says what.", []);
        }
        else if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            LogNotAnswered(route.Path, error is ClickHouseException e ? e.Message : problem.Detail);
        }

        await problem.WriteAsync(context);
    }

    [LoggerMessage(LogLevel.Error, "a request to {Path} failed unexpectedly")]
    private partial void LogFailed(string path, Exception error);

    [LoggerMessage(LogLevel.Warning, "a request to {Path} could not be answered: {Reason}")]
    private partial void LogNotAnswered(string path, string reason);
}
