using Telemetry.Detection.Model;

namespace Telemetry.DetectionQuality.Synthetic;

/// <summary>Draws one key's traffic minute by minute, with faults put in.</summary>
internal sealed class TrafficSeries(TrafficShape shape, int seed)
{
    /// <summary>Share of a level's deviation that is left after a minute.</summary>
    public const double Persistence = 0.97;

    /// <summary>How far latencies wander, as a share of how far rates do.</summary>
    public const double LatencyWander = 0.3;

    /// <summary>The same of lengths.</summary>
    public const double LengthWander = 0.2;

    private const double InputPrice = 0.5e-6;
    private const double OutputPrice = 1.5e-6;
    private static readonly double s_innovation = Math.Sqrt(1 - (Persistence * Persistence));

    private readonly Draws _draws = new(seed);
    private double _rateWalk;
    private double _latencyWalk;
    private double _lengthWalk;
    private double _errorWalk;

    /// <summary>What ruled the minute that was drawn last, without its fault. No detector can know it.</summary>
    public MinuteTruth Truth { get; private set; }

    /// <summary>Draws a minute; with no fault when null.</summary>
    /// <param name="minute">Minutes since 1970.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="values">By <see cref="Metric"/>: events or value, NaN when there is none, and the calls that it is of.</param>
    public void Draw(long minute, Fault? fault, Span<(double Value, double Calls)> values)
    {
        _rateWalk = Walk(_rateWalk, shape.Wander);
        _latencyWalk = Walk(_latencyWalk, LatencyWander * shape.Wander);
        _lengthWalk = Walk(_lengthWalk, LengthWander * shape.Wander);
        _errorWalk = Walk(_errorWalk, shape.Wander);
        Truth = new MinuteTruth(shape.Rate(minute) * Math.Exp(_rateWalk), _latencyWalk, _lengthWalk, _errorWalk);
        double Factor(FaultKind kind) => fault?.Factor(kind, minute) ?? 1;

        double rate = shape.Rate(minute) * Math.Exp(_rateWalk) * Factor(FaultKind.TrafficUp) / Factor(FaultKind.TrafficDown);
        rate *= _draws.Uniform() < shape.Burst ? 1.5 : 1;
        int calls = fault is { Kind: FaultKind.Silence } silence && silence.Covers(minute) ? 0 : _draws.Poisson(rate);
        values.Fill((double.NaN, 0));
        values[(int)Metric.RequestRate] = (calls, calls);
        if (calls == 0)
        {
            return;
        }

        int errors = Share(Metric.ErrorRate, calls, TrafficShape.ErrorShare * Math.Exp(_errorWalk) * Factor(FaultKind.Errors), values);
        Share(Metric.RefusalRate, calls, TrafficShape.RefusalShare * Factor(FaultKind.Refusals), values);
        Share(Metric.LengthRate, calls, TrafficShape.LengthShare * Factor(FaultKind.Truncation), values);
        if (calls > errors)
        {
            Sizes(calls - errors, Factor, values);
        }
    }

    private void Sizes(int calls, Func<FaultKind, double> factor, Span<(double Value, double Calls)> values)
    {
        double latency = TrafficShape.LatencyMs * Math.Exp(_latencyWalk) * factor(FaultKind.Latency);
        (double median, double p95, _) = _draws.LogNormal(calls, latency, TrafficShape.LatencySpread);
        values[(int)Metric.LatencyP50] = (median, calls);
        values[(int)Metric.LatencyP95] = (p95, calls);

        (double first, double first95, _) = _draws.LogNormal(calls, TrafficShape.FirstTokenMs * Math.Exp(_latencyWalk) * factor(FaultKind.FirstToken), TrafficShape.FirstTokenSpread);
        values[(int)Metric.TtftP50] = (first, calls);
        values[(int)Metric.TtftP95] = (first95, calls);

        double output = _draws.LogNormal(calls, TrafficShape.OutputTokens * Math.Exp(_lengthWalk) * factor(FaultKind.OutputLength), TrafficShape.OutputSpread).Mean;
        double input = _draws.LogNormal(calls, TrafficShape.InputTokens * Math.Exp(_lengthWalk) * factor(FaultKind.InputLength), TrafficShape.InputSpread).Mean;
        double speed = _draws.LogNormal(calls, TrafficShape.OutputTokens * 1000 / latency, 0.4).Median;
        values[(int)Metric.OutputTokens] = (output, calls);
        values[(int)Metric.InputTokens] = (input, calls);
        values[(int)Metric.TokensPerSecond] = (speed, calls);

        double cost = ((input * InputPrice) + (output * OutputPrice)) * factor(FaultKind.Cost);
        values[(int)Metric.CostPerRequest] = (cost, calls);
        values[(int)Metric.SpendRate] = (cost * calls, calls);

        double cached = (TrafficShape.CachedShare / factor(FaultKind.CacheDrop)) + (TrafficShape.CachedSpread / Math.Sqrt(calls) * _draws.Normal());
        values[(int)Metric.CacheHitRate] = (Math.Clamp(cached, 0, 1), calls);

        int judged = _draws.Binomial(calls, TrafficShape.JudgedShare);
        if (judged > 0)
        {
            double score = (TrafficShape.ScoreMean / factor(FaultKind.Quality)) + (TrafficShape.ScoreSpread / Math.Sqrt(judged) * _draws.Normal());
            values[(int)Metric.Score] = (Math.Clamp(score, 0, 1), judged);
        }
    }

    private int Share(Metric metric, int calls, double share, Span<(double Value, double Calls)> values)
    {
        int events = _draws.Binomial(calls, Math.Min(1, share));
        values[(int)metric] = (events, calls);
        return events;
    }

    private double Walk(double value, double deviation) => (Persistence * value) + (deviation * s_innovation * _draws.Normal());
}
