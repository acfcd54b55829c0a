using Telemetry.Detection.Track;

namespace Telemetry.Detection.Tests.Track;

public sealed class CompletenessTests
{
    [Fact]
    public void The_share_that_is_there_early_is_learned_for_each_age()
    {
        var completeness = new Completeness();
        Assert.Equal(1, completeness.At(0));
        for (long minute = 0; minute < 500; minute++)
        {
            for (long age = 0; age < 10; age++)
            {
                completeness.Read(minute - age, age, age == 0 ? 60 : age == 1 ? 90 : 100);
            }
        }

        Assert.InRange(completeness.At(0), 0.59, 0.62);
        Assert.InRange(completeness.At(1), 0.89, 0.92);
        Assert.InRange(completeness.At(2), 0.99, 1);
        Assert.Equal(1, completeness.At(50));
    }
}
