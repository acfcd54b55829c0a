using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Hosting.Tls;

namespace Telemetry.ClickHouse.Client;

/// <summary>
/// ClickHouse over its HTTP interface, the same for a server and for the embedded engine. Safe for use by many threads at once. Every
/// failure, on the way or in the server, is a <see cref="ClickHouseException"/>; cancellation by the caller is an
/// <see cref="OperationCanceledException"/>.
/// </summary>
/// <param name="http">Connections; see <see cref="CreateHttpClient()"/>. Not disposed here.</param>
/// <param name="options">Where and as whom.</param>
public sealed class ClickHouseClient(HttpClient http, ClickHouseOptions options)
{
    private readonly AuthenticatedRequests _requests = new(options);

    /// <summary>The options that the client was made with.</summary>
    public ClickHouseOptions Options { get; } = options;

    /// <summary>The same, with the TLS settings of some options.</summary>
    /// <exception cref="TlsException">A file is missing or wrong.</exception>
    public static HttpClient CreateHttpClient(ClickHouseOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        return CreateHttpClient(ClientTls.Create(options.Tls, time));
    }

    /// <summary>An <see cref="HttpClient"/> as this client needs it: no own timeout, no automatic anything, connections renewed for DNS changes.</summary>
    public static HttpClient CreateHttpClient() => CreateHttpClient(new SslClientAuthenticationOptions());

    private static HttpClient CreateHttpClient(SslClientAuthenticationOptions tls) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        SslOptions = tls,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    /// <summary>The same server and user with another database, for what must run before the configured database exists.</summary>
    internal ClickHouseClient WithDatabase(string database) => new(http, new ClickHouseOptions
    {
        Url = Options.Url,
        Database = database,
        User = Options.User,
        Password = Options.Password,
        Timeout = Options.Timeout,
        InsertCompression = Options.InsertCompression,
        MaxResultBytes = Options.MaxResultBytes,
    });

    /// <summary>
    /// Inserts the block as one insert. With a token the insert is idempotent: the server drops a block whose token it has seen, in the table
    /// and in every materialized view that depends on it (their tables need <c>non_replicated_deduplication_window</c>).
    /// </summary>
    /// <param name="table">The table, with or without database; plain names only, they are quoted here.</param>
    /// <param name="block">The rows; must not be changed before the task ends. Zero rows send nothing.</param>
    /// <param name="deduplicationToken">Names the block's content for all time; null for no deduplication by token.</param>
    /// <param name="cancellationToken">Gives up; the insert may or may not have happened.</param>
    /// <exception cref="ClickHouseException">The server refused, or could not be reached.</exception>
    /// <exception cref="InvalidOperationException">The block's columns differ in length.</exception>
    public async Task InsertAsync(string table, NativeBlock block, string? deduplicationToken, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        ArgumentNullException.ThrowIfNull(block);
        if (block.RowCount == 0)
        {
            return;
        }

        using HttpRequestMessage request = _requests.Create(InsertParameters(table, block.Columns.Select(c => c.Name), deduplicationToken));
        request.Content = new NativeBlockContent(block, Options.InsertCompression);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        await SendAndDrainAsync(request, cancellationToken);
    }

    /// <summary>Runs a statement that gives no rows, and waits until it has ended.</summary>
    /// <param name="sql">One statement; values belong into <paramref name="parameters"/>, as <c>{name:Type}</c>.</param>
    /// <param name="parameters">Values by name; see <see cref="QueryAsync"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClickHouseException">The server refused, or could not be reached.</exception>
    public async Task ExecuteAsync(string sql, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = CreateStatement(sql, parameters, [new("wait_end_of_query", "1")]);
        await SendAndDrainAsync(request, cancellationToken);
    }

    /// <summary>Runs a query and reads its whole result, at most <see cref="ClickHouseOptions.MaxResultBytes"/>.</summary>
    /// <param name="sql">One query without FORMAT clause; values belong into <paramref name="parameters"/>, as <c>{name:Type}</c>.</param>
    /// <param name="parameters">Values by name: string, bool, numbers, DateTimeOffset, DateOnly, Guid, null, and lists and dictionaries of these.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClickHouseException">The server refused, failed on the way, or could not be reached; or the result is too large.</exception>
    public async Task<ClickHouseResult> QueryAsync(string sql, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = CreateStatement(sql, parameters, [new("default_format", "Native")]);
        return await SendAsync(request, ReadResultAsync, cancellationToken);
    }

    /// <summary>Runs a query with settings of its own, and tells what it read.</summary>
    /// <param name="sql">One query without FORMAT clause; values belong into <paramref name="parameters"/>, as <c>{name:Type}</c>.</param>
    /// <param name="parameters">Values by name; see <see cref="QueryAsync"/>.</param>
    /// <param name="settings">ClickHouse's query settings by name, such as <c>max_execution_time</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClickHouseException">The server refused, failed on the way, or could not be reached; or the result is too large.</exception>
    public async Task<(ClickHouseResult Result, QuerySummary Summary)> AskAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        // The summary is complete only when the server has waited for the end.
        using HttpRequestMessage request = CreateStatement(sql, parameters, [new("default_format", "Native"), new("wait_end_of_query", "1"), .. settings]);
        return await SendAsync(request, async (response, cancellation) => (await ReadResultAsync(response, cancellation), QuerySummary.Of(response)), cancellationToken);
    }

    /// <summary>Runs a query and hands its result over as it comes, in any of ClickHouse's formats.</summary>
    /// <param name="sql">One query without FORMAT clause.</param>
    /// <param name="parameters">Values by name; see <see cref="QueryAsync"/>.</param>
    /// <param name="settings">ClickHouse's query settings by name, and <c>default_format</c>.</param>
    /// <param name="take">Reads the stream to its end. A result that breaks off ends in a <see cref="ClickHouseException"/> from the stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ClickHouseException">The server refused before the first byte, or could not be reached.</exception>
    public async Task StreamAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters, IReadOnlyDictionary<string, string> settings, Func<Stream, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(take);
        using HttpRequestMessage request = CreateStatement(sql, parameters, [.. settings]);
        await SendAsync(
            request,
            async (response, cancellation) =>
            {
                await using var body = new AnswerStream(await response.Content.ReadAsStreamAsync(cancellation), Options.Url);
                await take(body, cancellation);
                return true;
            },
            cancellationToken);
    }

    /// <summary>
    /// Inserts the result of a query, unchanged, under a token; the columns of the table are those of the result. For small results: it passes through
    /// memory, at most <see cref="ClickHouseOptions.MaxResultBytes"/>, so that the insert is idempotent by token as <see cref="InsertAsync"/> is.
    /// </summary>
    /// <param name="sql">One query without FORMAT clause.</param>
    /// <param name="parameters">Values by name; see <see cref="QueryAsync"/>.</param>
    /// <param name="table">The table to insert into.</param>
    /// <param name="deduplicationToken">Names the rows for all time.</param>
    /// <param name="cancellationToken">Gives up; the insert may or may not have happened.</param>
    /// <exception cref="ClickHouseException">The server refused, or could not be reached; or the result is too large.</exception>
    public async Task CopyAsync(string sql, IReadOnlyDictionary<string, object?>? parameters, string table, string deduplicationToken, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(deduplicationToken);
        byte[] rows;
        ClickHouseResult result;
        using (HttpRequestMessage query = CreateStatement(sql, parameters, [new("default_format", "Native")]))
        {
            (rows, result) = await SendAsync(query, ReadRowsAsync, cancellationToken);
        }

        if (result.Rows.Count == 0)
        {
            return;
        }

        using HttpRequestMessage insert = _requests.Create(InsertParameters(table, result.Columns.Select(c => c.Name), deduplicationToken));
        insert.Content = new ByteArrayContent(rows);
        insert.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        await SendAndDrainAsync(insert, cancellationToken);
    }

    /// <summary>Has the embedded engine make a backup of the database and hands its stream over, a tar. There is no limit of time.</summary>
    /// <param name="take">Reads the stream to its end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ClickHouseException">The engine refused, could not be reached or broke off; or it is a ClickHouse server, which has its own BACKUP.</exception>
    public async Task BackupAsync(Func<Stream, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(take);
        using HttpRequestMessage request = _requests.Create([], "/backup");
        Stream body;
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            body = new AnswerStream(await response.Content.ReadAsStreamAsync(cancellationToken), Options.Url);
        }
        catch (HttpRequestException e)
        {
            throw new ClickHouseException(0, $"ClickHouse at {Options.Url} cannot be reached: {e.Message}", retryable: true, e);
        }

        using (response)
        await using (body)
        {
            if (await ServerError.FromHeadAsync(response, cancellationToken) is { } error)
            {
                throw response.StatusCode == System.Net.HttpStatusCode.NotFound && error.Code == 0
                    ? new ClickHouseException(0, $"ClickHouse at {Options.Url} is not the embedded engine; a ClickHouse server is backed up with its own BACKUP statement.")
                    : error;
            }

            await take(body, cancellationToken);
            // The answer ends when the engine has cleaned up.
            await body.CopyToAsync(Stream.Null, cancellationToken);
        }
    }

    private static List<KeyValuePair<string, string>> InsertParameters(string table, IEnumerable<string> columnNames, string? deduplicationToken)
    {
        string columns = string.Join(", ", columnNames.Select(Identifier.Quote));
        List<KeyValuePair<string, string>> parameters =
        [
            new("query", $"INSERT INTO {Identifier.QuoteTable(table)} ({columns}) FORMAT Native"),
            new("async_insert", "0"),
            new("wait_end_of_query", "1"),
            new("insert_deduplicate", "1"),
            new("deduplicate_blocks_in_dependent_materialized_views", "1"),
            // A batch with many days (a backfill, a broken clock) must not be refused for ever; its size bounds the parts.
            new("max_partitions_per_insert_block", "0"),
        ];
        if (deduplicationToken is not null)
        {
            parameters.Add(new("insert_deduplication_token", deduplicationToken));
        }

        return parameters;
    }

    private HttpRequestMessage CreateStatement(
        string sql, IReadOnlyDictionary<string, object?>? parameters, List<KeyValuePair<string, string>> settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(sql);
        foreach ((string name, object? value) in parameters ?? new Dictionary<string, object?>())
        {
            settings.Add(new("param_" + name, ParameterText.Format(value)));
        }

        HttpRequestMessage request = _requests.Create(settings);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(sql));
        return request;
    }

    private Task<bool> SendAndDrainAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, ReadEmptyAsync, cancellationToken);

    private static async Task<bool> ReadEmptyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] body = await BodyReader.ReadAsync(response, ServerError.MaxTextBytes, cancellationToken);
        ClickHouseException? error = ServerError.FromTail(response, body) ?? ServerError.FromUndecodable(body, response.StatusCode);
        return error is null ? true : throw error;
    }

    private async Task<ClickHouseResult> ReadResultAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        (await ReadRowsAsync(response, cancellationToken)).Result;

    private async Task<(byte[] Native, ClickHouseResult Result)> ReadRowsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] body = await BodyReader.ReadAsync(response, Options.MaxResultBytes, cancellationToken);
        if (ServerError.FromTail(response, body) is { } error)
        {
            throw error;
        }

        try
        {
            return (body, ClickHouseResult.Decode(body));
        }
        catch (InvalidDataException e)
        {
            throw ServerError.FromUndecodable(body, response.StatusCode)
                ?? new ClickHouseException(0, "The answer of ClickHouse is not in Native format: " + e.Message, retryable: false, e);
        }
    }

    private async Task<T> SendAsync<T>(
        HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Options.Timeout);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (await ServerError.FromHeadAsync(response, limit.Token) is { } error)
            {
                throw error;
            }

            return await read(response, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"ClickHouse at {Options.Url} did not answer within {Options.Timeout}.");
            throw new ClickHouseException(0, text, retryable: true, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ClickHouseException(0, $"ClickHouse at {Options.Url} cannot be reached: {e.Message}", retryable: true, e);
        }
    }
}
