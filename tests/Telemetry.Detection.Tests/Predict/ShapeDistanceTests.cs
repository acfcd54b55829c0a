using Telemetry.Detection.Predict;

namespace Telemetry.Detection.Tests.Predict;

/// <summary>How far a stretch lies from the most similar one of the past.</summary>
public sealed class ShapeDistanceTests
{
    [Fact]
    public void What_repeats_itself_has_no_distance_and_what_does_not_has_one()
    {
        var shape = new ShapeDistance(segment: 2, segments: 8);
        double[] distances = [.. Enumerable.Range(0, 400).Select(i => shape.Next(i == 300 ? 9 : i % 16) ?? 0)];

        Assert.Equal(0, distances[100..300].Max(), 5);
        Assert.True(distances[300] > 0.5, $"{distances[300]}");
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(4, 6)]
    [InlineData(3, 4)]
    public void It_is_what_a_plain_search_finds(int segment, int segments)
    {
        var random = new Random(segment);
        double[] values = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())];
        var shape = new ShapeDistance(segment, segments);
        double?[] found = [.. values.Select(shape.Next)];
        for (int at = 2 * segment * segments; at < values.Length; at++)
        {
            Assert.Equal(Plain(values, at, segment, segments), found[at]!.Value, 1e-4);
        }
    }

    [Fact]
    public void It_goes_on_when_the_memory_has_been_moved()
    {
        var shape = new ShapeDistance(segment: 4, segments: 16);
        double?[] distances = [.. Enumerable.Range(0, 20_000).Select(i => shape.Next(i % 63))];

        Assert.Equal(0, distances[300..].Max()!.Value, 5);
    }

    private static double Plain(double[] values, int at, int segment, int segments)
    {
        double[] Means(int end) => [.. Enumerable.Range(0, segments).Select(i => values[(end - ((i + 1) * segment) + 1)..(end - (i * segment) + 1)].Average())];
        int length = segment * segments;
        int step = Math.Max(1, segment / 2);
        return Enumerable.Range(length - 1, at - length - length + 2).Where(end => end % step == 0)
            .Min(end => Math.Sqrt(Means(at).Zip(Means(end), (a, b) => (a - b) * (a - b)).Sum() / segments));
    }
}
