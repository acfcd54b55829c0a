using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Telemetry.Judge.Tell;

/// <summary>
/// Sends OTLP/JSON to a Collector, in the background and best effort: a Collector that does not take it in three tries, or is too slow, loses these copies; scores and money are
/// in ClickHouse before. Bounded.
/// </summary>
internal sealed partial class OtlpSender : IAsyncDisposable
{
    private const int MostWaiting = 1000;
    private const int MostTries = 3;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly Channel<(string Path, byte[] Json)> _waiting = Channel.CreateBounded<(string, byte[])>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly HttpClient _http = new() { Timeout = s_timeout };
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Uri?> _endpoint;
    private readonly string _keyFile;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Task _work;
    private bool _isLosing;

    /// <summary>Starts; nothing is sent while there is no endpoint.</summary>
    /// <param name="endpoint">Base URL of OTLP/HTTP; null when there is none yet.</param>
    /// <param name="keyFile">File with the ingest key, read anew for each export; empty for a Collector that asks for none.</param>
    /// <param name="logger">Logs.</param>
    /// <param name="time">The clock.</param>
    public OtlpSender(Func<Uri?> endpoint, string keyFile, ILogger logger, TimeProvider time)
    {
        _endpoint = endpoint;
        _keyFile = keyFile;
        _logger = logger;
        _time = time;
        _work = Task.Run(SendAllAsync);
    }

    /// <summary>Hands a body over for a path such as <c>v1/traces</c>.</summary>
    public void Send(string path, byte[] json)
    {
        if (_endpoint() is not null && !_waiting.Writer.TryWrite((path, json)))
        {
            JudgeMetrics.Told.Add(1, new KeyValuePair<string, object?>("outcome", "lost"));
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _stop.CancelAfter(TimeSpan.FromSeconds(2));
        await _work;
        _stop.Dispose();
        _http.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach ((string path, byte[] json) in _waiting.Reader.ReadAllAsync(_stop.Token))
            {
                bool isTaken = await SendAsync(path, json);
                JudgeMetrics.Told.Add(1, new KeyValuePair<string, object?>("outcome", isTaken ? "sent" : "lost"));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task<bool> SendAsync(string path, byte[] json)
    {
        for (int i = 1; ; i++)
        {
            string problem;
            try
            {
                using var content = new ByteArrayContent(json);
                content.Headers.ContentType = new("application/json");
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_endpoint()!, path)) { Content = content };
                if (_keyFile.Length > 0)
                {
                    request.Headers.Add("x-api-key", (await File.ReadAllTextAsync(_keyFile, _stop.Token)).Trim());
                }

                using HttpResponseMessage answer = await _http.SendAsync(request, _stop.Token);
                if (answer.IsSuccessStatusCode)
                {
                    _isLosing = false;
                    return true;
                }

                problem = $"{(int)answer.StatusCode} {answer.ReasonPhrase}";
            }
            catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or FormatException || (e is OperationCanceledException && !_stop.IsCancellationRequested))
            {
                problem = e.Message;
            }

            if (i == MostTries)
            {
                if (!_isLosing)
                {
                    LogLost(problem);
                }

                _isLosing = true;
                return false;
            }

            await Task.Delay(TimeSpan.FromSeconds(i), _time, _stop.Token);
        }
    }

    [LoggerMessage(LogLevel.Warning, "the Collector does not take the judge's own calls and events, they are lost there: {Problem}")]
    private partial void LogLost(string problem);
}
