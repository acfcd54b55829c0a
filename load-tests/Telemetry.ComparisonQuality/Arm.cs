using Telemetry.Quality.Compare;

namespace Telemetry.ComparisonQuality;

/// <summary>The calls of one version, hour by hour: users who come back and differ from each other, skewed costs and durations, one judged call in ten.</summary>
internal sealed class Arm(Version version, Random random)
{
    private const double JudgedShare = 0.1;
    private const double ReturningShare = 0.5;
    private const double UserSpread = 0.1;
    private const double CostSpread = 1.0;
    private const double LatencySpread = 0.6;
    private const int Levels = 4;

    private readonly List<double> _users = [];

    /// <summary>What has been measured so far.</summary>
    public Dictionary<ComparedMetric, GrowingSums> Sums { get; } = new()
    {
        [ComparedMetric.Quality] = new(),
        [ComparedMetric.Errors] = new(),
        [ComparedMetric.Flags] = new(),
        [ComparedMetric.Cost] = new(),
        [ComparedMetric.Latency] = new(),
    };

    /// <summary>Adds an hour.</summary>
    public void AddHour(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            AddCall();
        }
    }

    private void AddCall()
    {
        int user = _users.Count > 0 && random.NextDouble() < ReturningShare ? random.Next(_users.Count) : _users.Count;
        if (user == _users.Count)
        {
            _users.Add(UserSpread * Gauss());
        }

        bool isError = random.NextDouble() < version.Errors;
        Sums[ComparedMetric.Errors].Add(user, isError ? 1 : 0);
        Sums[ComparedMetric.Latency].Add(user, version.Latency * 1500 * Math.Exp(LatencySpread * Gauss()));
        if (isError)
        {
            return;
        }

        bool isFlagged = random.NextDouble() < version.Flags;
        Sums[ComparedMetric.Flags].Add(user, isFlagged ? 1 : 0);
        Sums[ComparedMetric.Cost].Add(user, version.Cost * 0.002 * Math.Exp((CostSpread * Gauss()) + _users[user]));

        // Flagged calls are always judged, so that each stands for itself alone.
        double probability = isFlagged ? 1 : JudgedShare;
        if (random.NextDouble() < probability)
        {
            Sums[ComparedMetric.Quality].Add(user, Score(version.Quality + _users[user]), 1 / probability);
        }
    }

    // Binomial on five levels, as of a rubric, with the mean that is asked for.
    private double Score(double mean)
    {
        int level = 0;
        for (int i = 0; i < Levels; i++)
        {
            level += random.NextDouble() < Math.Clamp(mean, 0.02, 0.98) ? 1 : 0;
        }

        return level / (double)Levels;
    }

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
