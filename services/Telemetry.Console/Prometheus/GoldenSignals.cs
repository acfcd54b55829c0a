using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;
using Telemetry.Query;
using Telemetry.Query.Ask;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Prometheus;

/// <summary>
/// Golden signals for Prometheus, from the rollup of days. Many scrapes are one question; days that are over are read once an hour, since their sketches cost most.
/// </summary>
internal sealed partial class GoldenSignals(GoldenSignalOptions options, ClickHouseClient client, ILogger<GoldenSignals> logger, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_pastEvery = TimeSpan.FromHours(1);

    // Pages that fill all places must not keep Prometheus from seeing it.
    private readonly QueryRunner _runner = new(client, new QueryOptions { MaxConcurrent = 3 });
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SignalPage _page = new();
    private Dictionary<string, SignalHistograms> _past = [];
    private DateTimeOffset _pastDay;
    private long _pastRead;
    private long _read;
    private string? _text;

    /// <summary>The families; whether they could be read stands among them.</summary>
    public async Task<string> ReadAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_text is null || time.GetElapsedTime(_read) >= options.RefreshEvery)
            {
                _text = await AskAsync(cancellation);
                _read = time.GetTimestamp();
            }

            return _text;
        }
        catch (Exception e) when (e is ClickHouseException or TooManyQueriesException or InvalidDataException)
        {
            LogNotRead(e.Message);
            _text = null;
            return SignalPage.Up(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _runner.Dispose();
        _turn.Dispose();
    }

    private async Task<string> AskAsync(CancellationToken cancellation)
    {
        // Late calls of yesterday come all the time, earlier ones seldom.
        DateTimeOffset day = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-1);
        if (_pastDay != day || time.GetElapsedTime(_pastRead) >= s_pastEvery)
        {
            Result past = await _runner.AskAsync(SignalStatements.Histograms(options.MaxHistograms, day, before: true), AccessScope.All, cancellation);
            (_past, _pastDay, _pastRead) = (Read(past), day, time.GetTimestamp());
        }

        IReadOnlyDictionary<string, Result> results = await _runner.AskAllAsync(
            [SignalStatements.Counters(options.MaxSeries), SignalStatements.Histograms(options.MaxHistograms, day, before: false), SignalStatements.Gauges()], AccessScope.All, cancellation);
        var histograms = new Dictionary<string, SignalHistograms>(_past, StringComparer.Ordinal);
        foreach ((string labels, SignalHistograms recent) in Read(results["histograms"]))
        {
            histograms[labels] = histograms.TryGetValue(labels, out SignalHistograms? before) ? before.Add(recent) : recent;
        }

        return _page.Write(results["counters"].Answer, histograms, results["gauges"].Answer.Rows[0]) + SignalPage.Up(true);
    }

    private static Dictionary<string, SignalHistograms> Read(Result result) => result.Answer.Rows.ToDictionary(
        r => SignalPage.Labels(r, SignalStatements.HistogramLabels),
        r => new SignalHistograms(
            Buckets.Of(DdSketch.Read(Convert.FromHexString(r.GetString("ttft"))), SignalPage.TtftBounds),
            Buckets.Of(DdSketch.Read(Convert.FromHexString(r.GetString("duration"))), SignalPage.DurationBounds)),
        StringComparer.Ordinal);

    [LoggerMessage(LogLevel.Warning, "golden signals for /metrics could not be read: {Reason}")]
    private partial void LogNotRead(string reason);
}
