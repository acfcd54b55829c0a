using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Telemetry.ClickHouse.Embedded;
using Telemetry.ClickHouse.Embedded.Compression;
using Telemetry.ClickHouse.Embedded.Engine;
using Telemetry.ClickHouse.Embedded.Http;
using Telemetry.ClickHouse.Embedded.Sql;
using Telemetry.Fuzz.Seeds;
using Telemetry.Fuzz.Support;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// Requests to the ClickHouse front up to the point where the engine gets them: user, parameters, body, statement, settings, the rules for readers; and the
/// answer that a refusal makes. Control bytes: 0: 1 GET, 2 the body is gzip, 4 the body is in compressed frames; 1: size of the pieces.
/// </summary>
internal sealed class FrontTarget : IFuzzTarget
{
    /// <summary>Its name.</summary>
    public const string TargetName = "front";

    private const int Get = 1;
    private const int Gzip = 2;
    private const int Frames = 4;
    private const int MostQueryBytes = 4096;

    private static readonly FrozenSet<string> KnownSettings = FrozenSet.Create(
        StringComparer.Ordinal, "max_threads", "max_execution_time", "max_result_bytes", "readonly", "log_comment", "extremes", "async_insert", "insert_deduplication_token", "output_format_json_quote_64bit_integers");

    private static readonly FrozenSet<string> TableFunctions = FrozenSet.Create(StringComparer.Ordinal, "numbers", "file", "url", "s3", "remote", "mysql");

    private readonly EmbeddedClickHouseOptions _options = new() { Password = "s3cret", ReadOnlyPassword = "look", MaxQueryBytes = MostQueryBytes, MaxBodyBytes = 1 << 20 };
    private readonly FrontUsers _users;
    private readonly SettingsPolicy _settings;

    public FrontTarget()
    {
        _users = new FrontUsers(_options);
        _settings = new SettingsPolicy(_options, KnownSettings);
        Seeds = [.. FrontSeeds.Requests.Select((r, i) => Captures.With(Encoding.Latin1.GetBytes(r), (byte)(i % 4 == 3 ? Get : i == 5 ? Gzip : i == 8 ? Frames : 0), 200))];
    }

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "Requests to the ClickHouse front up to the engine: users, parameters, bodies, statements, settings, refusals";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.Text;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words => FrontSeeds.Words;

    /// <inheritdoc />
    public int ControlBytes => 2;

    /// <inheritdoc />
    public long AllocationLimit(int inputLength) => (4L << 20) + (inputLength * 600L);

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < ControlBytes)
        {
            return;
        }

        var text = FrontText.Parse(input[ControlBytes..]);
        DefaultHttpContext context = Context(text, input[0], 1 + (input[1] * input[1]));
        FrontRequest request = FrontRequest.Empty;
        try
        {
            FrontUser user = _users.Authenticate(context.Request);
            request = FrontRequest.Parse(context.Request);
            Accept(context, request, user, (input[0] & Get) != 0);
        }
        catch (EngineException e)
        {
            Refuse(context, request, e);
        }
    }

    private static DefaultHttpContext Context(FrontText text, int control, int piece)
    {
        byte[] body = (control & Frames) != 0 ? CompressedFrames.Frame(text.Body) : text.Body;
        var context = new DefaultHttpContext();
        context.Request.Method = (control & Get) != 0 ? "GET" : "POST";
        context.Request.Path = "/";
        context.Request.QueryString = new QueryString("?" + text.Query);
        foreach ((string name, string value) in text.Headers)
        {
            context.Request.Headers.Append(name, value);
        }

        if ((control & Gzip) != 0)
        {
            using var packed = new MemoryStream();
            using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            {
                stream.Write(body);
            }

            body = packed.ToArray();
            context.Request.Headers.ContentEncoding = "gzip";
        }

        context.Request.Body = new PieceStream(body, piece);
        context.Response.Body = new MemoryStream();
        return context;
    }

    private void Accept(DefaultHttpContext context, FrontRequest request, FrontUser user, bool isGet)
    {
        RequestBody body = RequestBody.Open(context.Request, request.Decompress, _options.MaxBodyBytes);
        QueryText text = QueryText.ReadAsync(request, body, _options.MaxQueryBytes, CancellationToken.None).GetAwaiter().GetResult();
        SqlStatement statement = text.Statement;
        CheckStatement(text);
        CheckTokens(text.Sql);
        string set = _settings.Statement(user, isGet, request.Settings, StatementRunner.NeedsWhole(statement, request), new Guid(1, 2, 3, new byte[8]));
        CheckSet(set, user, isGet);
        _ = OutputFormat.ContentType(statement.Format ?? request.DefaultFormat);
        if (OutputFormat.RepeatedHeader(statement.Format ?? "", text.Sql) > text.Sql.Length)
        {
            throw new FuzzFailureException("a header is longer than its part");
        }

        if (user.ReadOnly)
        {
            ReadOnlyRules.Check(text.Sql, request.Bound, TableFunctions);
        }

        var rest = new byte[8192];
        while (body.FillAsync(rest, CancellationToken.None).GetAwaiter().GetResult() > 0)
        {
        }
    }

    private static void CheckStatement(QueryText text)
    {
        SqlStatement statement = text.Statement;
        if (statement.DataStart < 0 || statement.DataStart > text.Sql.Length || text.FirstData.Length != text.Sql.Length - statement.DataStart)
        {
            throw new FuzzFailureException($"data begins at {statement.DataStart} of {text.Sql.Length}");
        }

        if (statement.InsertHead is { } head && (!statement.IsInsert || head.Length > statement.DataStart || !text.Sql.AsSpan().StartsWith(head)))
        {
            throw new FuzzFailureException("the head of an insert is not the beginning of its text");
        }
    }

    private static void CheckTokens(ReadOnlySpan<byte> sql)
    {
        var tokens = new SqlTokenizer(sql);
        int end = 0;
        while (tokens.TryNext(out SqlToken token))
        {
            if (token.Start < end || token.Length <= 0 || token.End > sql.Length)
            {
                throw new FuzzFailureException($"a token at {token.Start} has {token.Length} bytes behind one that ends at {end} of {sql.Length}");
            }

            end = token.End;
        }
    }

    // Read as the engine reads it: names, each with one literal, and nothing that a value could have broken out into.
    private static void CheckSet(string set, FrontUser user, bool isGet)
    {
        string locked = user.ReadOnly ? "'1'" : isGet ? "'2'" : "'0'";
        int at = "SET ".Length;
        string last = "";
        while (at < set.Length)
        {
            int equals = set.IndexOf(" = '", at, StringComparison.Ordinal);
            string name = equals < 0 ? "" : set[at..equals];
            int start = equals + " = ".Length;
            int end = start + 1;
            while (equals >= 0 && end < set.Length && set[end] != '\'')
            {
                end += set[end] == '\\' ? 2 : 1;
            }

            bool isKnown = KnownSettings.Contains(name) || name is "max_memory_usage" or "max_query_size" or "result_overflow_mode" or "max_rows_to_read" or "max_result_rows" or "max_block_size";
            if (!isKnown || end >= set.Length || !(end + 1 == set.Length || set.AsSpan(end + 1).StartsWith(", ")))
            {
                throw new FuzzFailureException($"the settings are not a list of names and literals at {at}: {set}");
            }

            last = name + set[start..(end + 1)];
            at = end + 1 == set.Length ? set.Length : end + 3;
        }

        if (last != "readonly" + locked)
        {
            throw new FuzzFailureException($"the settings do not end with the lock: {set}");
        }
    }

    private static void Refuse(DefaultHttpContext context, FrontRequest request, EngineException error)
    {
        var output = new ResponseOutput(context, request, "26.7");
        output.FailAsync(error).GetAwaiter().GetResult();
        output.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (context.Response.StatusCode is < 400 or > 599)
        {
            throw new FuzzFailureException($"HTTP status {context.Response.StatusCode} for {error.Message}");
        }

        string answer = Encoding.UTF8.GetString(Unpack(context, request.Compress));
        if (!answer.StartsWith("Code: ", StringComparison.Ordinal) || !answer.EndsWith("(version 26.7 (chDB))\n", StringComparison.Ordinal))
        {
            throw new FuzzFailureException($"not an answer as ClickHouse writes it: {answer}");
        }
    }

    private static byte[] Unpack(DefaultHttpContext context, bool isFramed)
    {
        var written = (MemoryStream)context.Response.Body;
        written.Position = 0;
        Stream stream = context.Response.Headers.ContentEncoding.ToString() switch
        {
            "gzip" => new GZipStream(written, CompressionMode.Decompress),
            "deflate" => new ZLibStream(written, CompressionMode.Decompress),
            "br" => new BrotliStream(written, CompressionMode.Decompress),
            _ => written,
        };
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return isFramed ? CompressedFrames.Unpack(plain.ToArray()) : plain.ToArray();
    }
}
