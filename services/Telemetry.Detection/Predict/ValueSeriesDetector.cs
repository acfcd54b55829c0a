namespace Telemetry.Detection.Predict;

/// <summary>
/// Watches any series of single values, of which nothing is known: neither its unit nor its period. The latest stretch is compared with the most similar one of the
/// past, at three lengths, and each distance with the largest such distances so far; what is odd at several lengths counts more. After a detection it rests, since one
/// event is told once. Bounded in memory (about 110 KB), the same for the same values, not thread-safe.
/// </summary>
/// <param name="warmUp">Values at the beginning of which nothing is said.</param>
internal sealed class ValueSeriesDetector(int warmUp)
{
    /// <summary>The score from which on a value is worth telling: it is clearly odder than the oddest ones that are remembered.</summary>
    public const double Record = 0.5;

    private const double HalfLife = 1000;
    private const double Agreement = 4;
    private const double Clearly = 1.15;
    private const int RestShare = 5;
    private const int RestOfHistory = 33;

    private readonly (ShapeDistance Shape, RecordScale Scale)[] _lengths = [(new(1, 8), new(HalfLife)), (new(4, 16), new(HalfLife)), (new(16, 16), new(HalfLife))];
    private long _restUntil;
    private long _steps;

    /// <summary>How odd the value is, from 0 to 1; worth telling from <see cref="Record"/> on, 0 while it rests.</summary>
    public double Next(double value)
    {
        double sum = 0;
        foreach ((ShapeDistance shape, RecordScale scale) in _lengths)
        {
            sum += Math.Pow(scale.Next(shape.Next(value)), Agreement);
        }

        if (_steps++ < warmUp || _steps <= _restUntil)
        {
            return 0;
        }

        double odds = Math.Pow(sum, 1 / Agreement) / Clearly;
        double score = odds / (1 + odds);
        if (score >= Record)
        {
            _restUntil = _steps + Math.Max(warmUp / RestShare, _steps / RestOfHistory);
        }

        return score;
    }
}
