using System.Globalization;
using Telemetry.ClickHouse.Client;
using Telemetry.Query.Scope;

namespace Telemetry.Query.Ask;

/// <summary>Asks ClickHouse: the one place through which every statement goes, with its limits and the scope of who asks.</summary>
internal sealed class QueryRunner(ClickHouseClient client, QueryOptions options) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.MaxConcurrent, options.MaxConcurrent);

    /// <summary>The limits.</summary>
    public QueryOptions Options { get; } = options;

    /// <summary>Statements that run now.</summary>
    public int Running => Options.MaxConcurrent - _places.CurrentCount;

    /// <summary>Asks and waits for the whole answer.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refused or cannot be asked.</exception>
    /// <exception cref="TooManyQueriesException">No place became free in time.</exception>
    public async Task<Result> AskAsync(Statement statement, AccessScope scope, CancellationToken cancellation)
    {
        using IDisposable place = await TakePlaceAsync(cancellation);
        (ClickHouseResult answer, QuerySummary summary) = await client.AskAsync(statement.Sql, statement.Parameters, Settings(statement, scope), cancellation);
        return new Result(statement, answer, summary);
    }

    /// <summary>Asks several at once.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refused or cannot be asked.</exception>
    /// <exception cref="TooManyQueriesException">No place became free in time.</exception>
    public async Task<IReadOnlyDictionary<string, Result>> AskAllAsync(IEnumerable<Statement> statements, AccessScope scope, CancellationToken cancellation)
    {
        Result[] results = await Task.WhenAll(statements.Select(s => AskAsync(s, scope, cancellation)));
        return results.ToDictionary(r => r.Statement.Name, StringComparer.Ordinal);
    }

    /// <summary>Asks and hands the answer over as it comes, in one of ClickHouse's formats.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refused or cannot be asked, or the answer broke off.</exception>
    /// <exception cref="TooManyQueriesException">No place became free in time.</exception>
    public async Task ExportAsync(Statement statement, AccessScope scope, string format, Func<Stream, CancellationToken, Task> take, CancellationToken cancellation)
    {
        using IDisposable place = await TakePlaceAsync(cancellation);
        Dictionary<string, string> settings = Settings(statement, scope);
        settings["default_format"] = format;
        // Money as text, moments in RFC 3339, nothing as nothing: what readers of text formats understand.
        settings["output_format_json_quote_decimals"] = "1";
        settings["date_time_output_format"] = "iso";
        settings["format_csv_null_representation"] = "";
        await client.StreamAsync(statement.Sql, statement.Parameters, settings, take, cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    private Dictionary<string, string> Settings(Statement statement, AccessScope scope)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["max_execution_time"] = Options.MaxExecutionTime.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
            ["max_memory_usage"] = Options.MaxMemoryBytes.ToString(CultureInfo.InvariantCulture),
            ["max_rows_to_read"] = Options.MaxRowsToRead.ToString(CultureInfo.InvariantCulture),
        };
        if (statement.Columns.Count == 0)
        {
            // Of a statement that people wrote the first rows are given, whatever LIMIT it has or lacks.
            settings["max_result_rows"] = (statement.Limit + 1).ToString(CultureInfo.InvariantCulture);
            settings["result_overflow_mode"] = "break";
        }

        if (TableFilters.Of(scope, client.Options.Database) is { } filters)
        {
            settings["additional_table_filters"] = filters;
        }

        return settings;
    }

    private async Task<IDisposable> TakePlaceAsync(CancellationToken cancellation) => await _places.WaitAsync(Options.QueueTimeout, cancellation)
        ? new Place(_places)
        : throw new TooManyQueriesException(Options.MaxConcurrent);

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
