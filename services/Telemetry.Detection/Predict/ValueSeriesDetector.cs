namespace Telemetry.Detection.Predict;

/// <summary>
/// Watches any series of single values, of which nothing is known: neither its unit nor its period. The latest stretch is compared with the most similar one of the
/// past, at two lengths, and that distance with the largest such distances so far; the larger ratio counts. After a detection it rests, since one event is
/// told once.
/// </summary>
/// <param name="warmUp">Steps in which nothing is said.</param>
internal sealed class ValueSeriesDetector(int warmUp)
{
    private const int Short = 8;
    private const int Long = 48;
    private const double HalfLife = 1000;
    private const double Record = 0.5;
    private const int RestShare = 5;

    private readonly ShapeDistance[] _shapes = [new(Short), new(Long)];
    private readonly RecordScale[] _scales = [new(HalfLife), new(HalfLife)];
    private double _told;
    private int _rest;
    private int _steps;

    /// <summary>How odd the value is, from 0 to 1: 0.5 where it is as odd as the oddest ones before.</summary>
    public double Next(double value)
    {
        double worst = 0;
        for (int i = 0; i < _shapes.Length; i++)
        {
            worst = Math.Max(worst, _scales[i].Next(_shapes[i].Next(value)));
        }

        if (++_steps <= warmUp)
        {
            return 0;
        }

        double score = worst / (1 + worst);
        if (--_rest > 0 && score <= _told)
        {
            return 0;
        }

        if (score > Record)
        {
            (_rest, _told) = (warmUp / RestShare, score);
        }

        return score;
    }
}
