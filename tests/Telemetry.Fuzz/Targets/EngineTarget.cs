using System.Text;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded;
using Telemetry.Fuzz.Seeds;
using Telemetry.Fuzz.Support;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// The ClickHouse front on a real socket with the real engine behind it: statements of the user who may only read, and bodies of inserts.
/// Control byte: 0 the input is a request of the reader; otherwise its body goes into an insert, by its format: Native, JSONEachRow, RowBinary, Values.
/// </summary>
internal sealed class EngineTarget : IFuzzTarget, IDisposable
{
    /// <summary>Its name.</summary>
    public const string TargetName = "engine";

    private const string Secret = "a-secret-that-no-reader-may-see";

    private static readonly string[] Formats = ["Native", "JSONEachRow", "RowBinary", "Values"];

    private readonly string _path = Path.Combine(Path.GetTempPath(), "telemetry-fuzz-" + Guid.NewGuid().ToString("N"));
    private readonly ErrorLogs _errors = new();
    private readonly HttpClient _http = ClickHouseClient.CreateHttpClient();
    private readonly EmbeddedClickHouse _engine;
    private readonly RawHttp _raw;

    public EngineTarget()
    {
        var options = new EmbeddedClickHouseOptions
        {
            Path = _path,
            Port = 0,
            Password = "s3cret",
            ReadOnlyPassword = "look",
            MaxExecutionTime = TimeSpan.FromSeconds(1),
            MaxQueryMemoryBytes = 64 << 20,
            MaxServerMemoryBytes = 512L << 20,
            MaxBodyBytes = 1 << 20,
            MaxWholeResultBytes = 1 << 20,
            FsyncInserts = false,
        };
        _engine = new EmbeddedClickHouse(options, _errors, TimeProvider.System);
        _engine.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        _raw = new RawHttp(_engine.Url);
        File.WriteAllText(Path.Combine(_path, "secret.txt"), Secret);
        var client = new ClickHouseClient(_http, new ClickHouseOptions { Url = _engine.Url, Database = "default", Password = options.Password });
        client.ExecuteAsync("CREATE TABLE t (n UInt64, s String, m Map(String, Array(Nullable(UInt8)))) ENGINE = Null", null, CancellationToken.None).GetAwaiter().GetResult();
        string readSecret = $"\nX-ClickHouse-User: reader\nX-ClickHouse-Key: look\n\nSELECT * FROM file('{_path}/secret.txt', 'LineAsString')";
        byte[] native = File.ReadAllBytes(Path.Combine(Captures.Native, "insert.bin"));
        Seeds =
        [
            .. FrontSeeds.Requests.Append(readSecret).Select(r => Captures.With(Encoding.Latin1.GetBytes(r), 0)), Captures.With([.. "\n\n"u8, .. native], 1),
            Captures.With("\n\n{\"n\":1,\"s\":\"a\",\"m\":{\"k\":[1,null]}}\n{\"n\":\"2\"}"u8.ToArray(), 2), Captures.With([.. "\n\n"u8, 1, 0, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 1, 1, (byte)'k', 1, 0, 5], 3),
            Captures.With("\n\n(1, 'a', {'k': [1, NULL]}), (2, 'b', map())"u8.ToArray(), 4),
        ];
    }

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "The ClickHouse front with the real engine: statements of readers, bodies of inserts";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.Text;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words => FrontSeeds.Words;

    /// <inheritdoc />
    public int ControlBytes => 1;

    /// <inheritdoc />
    public void Dispose()
    {
        _http.Dispose();
        _engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_path, recursive: true);
    }

    /// <summary>The server's memory is not this thread's.</summary>
    public long AllocationLimit(int inputLength) => 64L << 20;

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < ControlBytes)
        {
            return;
        }

        var text = FrontText.Parse(input[ControlBytes..]);
        int format = input[0] % (Formats.Length + 1);
        string answer = _raw.Exchange(format == 0 ? Read(text) : Insert(text, Formats[format - 1]));
        if (answer.Contains(Secret, StringComparison.Ordinal))
        {
            throw new FuzzFailureException("the reader has read a file");
        }

        if (answer.Length > 0 && RawHttp.StatusOf(answer) == 0)
        {
            throw new FuzzFailureException($"answered with {answer[..Math.Min(answer.Length, 200)]}");
        }

        if (_errors.Take() is { } error)
        {
            throw new FuzzFailureException($"unexpected: {error.GetType()}", error);
        }
    }

    // Whoever the input says it is, it has the reader's password at most.
    private static byte[] Read(FrontText text)
    {
        var head = new StringBuilder($"POST /?{UrlSafe(text.Query)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {text.Body.Length}\r\n");
        foreach ((string name, string value) in text.Headers)
        {
            bool isOurs = name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || value.Contains("s3cret", StringComparison.Ordinal) || value.Contains("OnMzY3JldA", StringComparison.Ordinal);
            head.Append(isOurs ? "" : $"{name}: {value.Replace("\r", "", StringComparison.Ordinal)}\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. text.Body];
    }

    private static byte[] Insert(FrontText text, string format) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"POST /?query=INSERT+INTO+t+FORMAT+{format} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-ClickHouse-User: default\r\nX-ClickHouse-Key: s3cret\r\nContent-Length: {text.Body.Length}\r\n\r\n"),
        .. text.Body,
    ];

    private static string UrlSafe(string query)
    {
        var safe = new StringBuilder(query.Length);
        foreach (char c in query.Replace("s3cret", "", StringComparison.Ordinal))
        {
            _ = c is > ' ' and <= '~' and not '#' ? safe.Append(c) : safe.Append('%').Append(((int)c & 0xFF).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return safe.ToString();
    }
}
