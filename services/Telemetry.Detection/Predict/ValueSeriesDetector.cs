namespace Telemetry.Detection.Predict;

/// <summary>
/// Watches any series of single values, of which nothing is known. Several measures of oddness - how far the value is from a robust level, how far short means lie
/// from long ones, how the roughness changes, how little the latest shape resembles any earlier one - are each compared with their own records; the largest ratio
/// counts. After a detection it rests, since one event is told once.
/// </summary>
internal sealed class ValueSeriesDetector
{
    private const int Rest = 150;
    private readonly List<IMeasure> _measures;
    private readonly RecordScale[] _scales;
    private double _held;
    private int _rest;

    /// <summary>Watches a series.</summary>
    /// <param name="warmUp">Steps in which nothing is said.</param>
    /// <param name="measures">What is measured; all of them when null.</param>
    public ValueSeriesDetector(int warmUp, IEnumerable<IMeasure>? measures = null)
    {
        WarmUp = warmUp;
        _measures = [.. measures ?? Measures.All()];
        _scales = [.. _measures.Select(_ => new RecordScale(4000))];
    }

    /// <summary>Steps in which nothing is said.</summary>
    public int WarmUp { get; }

    /// <summary>Steps so far.</summary>
    public int Steps { get; private set; }

    /// <summary>How odd the value is: above 1 odder than anything before.</summary>
    public double Next(double value)
    {
        double worst = 0;
        for (int i = 0; i < _measures.Count; i++)
        {
            worst = Math.Max(worst, _scales[i].Next(_measures[i].Next(value)));
        }

        Steps++;
        if (Steps <= WarmUp)
        {
            return 0;
        }

        double score = worst / (1 + worst);
        if (_rest > 0)
        {
            _rest--;
            if (score <= _held)
            {
                return 0;
            }
        }

        if (score > 0.5)
        {
            _rest = Rest;
            _held = score;
        }

        return score;
    }
}
