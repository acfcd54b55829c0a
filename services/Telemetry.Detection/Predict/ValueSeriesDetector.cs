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
    private const double Negligible = 0.1;
    private const int RestShare = 5;
    private const int RestOfHistory = 33;

    private readonly (ShapeDistance Shape, RecordScale Scale)[] _lengths = [Of(1, 8), Of(4, 16), Of(16, 16)];
    private readonly Spread _spread = new(HalfLife);
    private long _restUntil;
    private long _steps;

    /// <summary>How odd the value is, from 0 to 1; worth telling from <see cref="Record"/> on, 0 while it rests.</summary>
    public double Next(double value)
    {
        double least = Negligible * _spread.Next(value);
        double sum = 0;
        foreach ((ShapeDistance shape, RecordScale scale) in _lengths)
        {
            // At first everything is new: two fifths of the warm-up fill the memory, the rest shows what is usual.
            if (shape.Next(value) is { } distance && _steps >= warmUp * 2 / 5)
            {
                sum += Math.Pow(scale.Next(distance, least), Agreement);
            }
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

    private static (ShapeDistance Shape, RecordScale Scale) Of(int segment, int segments) => (new ShapeDistance(segment, segments), new RecordScale(HalfLife, segment * segments));
}
