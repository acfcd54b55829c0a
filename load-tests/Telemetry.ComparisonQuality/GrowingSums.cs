using Telemetry.Quality.Compare;

namespace Telemetry.ComparisonQuality;

/// <summary>Sums over clusters that grow with every observation, as a query would give them at that time.</summary>
internal sealed class GrowingSums
{
    private readonly Dictionary<int, (double Weight, double Value)> _clusters = [];
    private long _observations;
    private double _weight;
    private double _value;
    private double _weightSquared;
    private double _valueSquared;
    private double _product;

    /// <summary>The sums now.</summary>
    public ClusterSums Sums => new(_clusters.Count, _observations, _weight, _value, _weightSquared, _valueSquared, _product);

    /// <summary>Adds one observation.</summary>
    public void Add(int cluster, double value, double weight = 1)
    {
        (double w, double v) = _clusters.GetValueOrDefault(cluster);
        (double newW, double newV) = (w + weight, v + (weight * value));
        _clusters[cluster] = (newW, newV);
        _observations++;
        _weight += weight;
        _value += weight * value;
        _weightSquared += (newW * newW) - (w * w);
        _valueSquared += (newV * newV) - (v * v);
        _product += (newW * newV) - (w * v);
    }
}
