namespace Telemetry.Detection.Track;

/// <summary>
/// How many of a minute's calls are usually there when it is looked at first, and a minute later, and so on. A call stands in the minute in which it began and
/// arrives after it ended, so the latest minutes of slow calls are never whole; without this they would look like a fall in traffic.
/// </summary>
internal sealed class Completeness
{
    private const double HalfLife = 720;
    private const double StartCalls = 20;
    private const double Fewest = 0.05;
    private const int Ages = Compare.SeriesDetector.MaxAmendedAge;
    private static readonly double s_decay = Math.Pow(0.5, 1 / HalfLife);

    private readonly double[] _seen = NewSums();
    private readonly double[] _whole = NewSums();
    private readonly Dictionary<long, double[]> _reads = [];

    /// <summary>The share that is usually there at an age, the minute that ended last having age 0.</summary>
    public double At(long age) => age >= Ages ? 1 : Math.Clamp(_seen[age] / _whole[age], Fewest, 1);

    /// <summary>Learns from what was read of a minute.</summary>
    /// <param name="minute">The minute.</param>
    /// <param name="age">Its age.</param>
    /// <param name="calls">Calls that were there.</param>
    public void Read(long minute, long age, double calls)
    {
        if (age >= Ages - 1)
        {
            if (_reads.Remove(minute, out double[]? earlier))
            {
                Learn(earlier, calls);
            }
        }
        else
        {
            if (!_reads.TryGetValue(minute, out double[]? reads))
            {
                _reads[minute] = reads = new double[Ages];
                Array.Fill(reads, double.NaN);
            }

            reads[age] = calls;
        }
    }

    private void Learn(double[] reads, double whole)
    {
        for (int age = 0; age < Ages; age++)
        {
            if (!double.IsNaN(reads[age]))
            {
                _seen[age] = (_seen[age] * s_decay) + Math.Min(reads[age], whole);
                _whole[age] = (_whole[age] * s_decay) + whole;
            }
        }
    }

    private static double[] NewSums()
    {
        double[] sums = new double[Ages];
        Array.Fill(sums, StartCalls);
        return sums;
    }
}
