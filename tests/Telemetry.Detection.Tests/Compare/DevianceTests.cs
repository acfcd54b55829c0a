using FsCheck;
using FsCheck.Fluent;
using Telemetry.Detection.Compare;

namespace Telemetry.Detection.Tests.Compare;

public sealed class DevianceTests
{
    [Theory]
    [InlineData(10, 10, 0)]
    [InlineData(0, 8, -3.4968)]
    [InlineData(20, 10, 2.6543)]
    public void A_poisson_deviance_is_what_it_is_by_hand(double events, double expected, double deviance) =>
        Assert.Equal(deviance, Deviance.Poisson(events, expected), 0.01);

    [Fact]
    public void It_grows_with_the_events_and_has_the_sign_of_the_difference() => Prop.ForAll(
        Gen.Choose(0, 500).ToArbitrary(),
        Gen.Choose(1, 500).ToArbitrary(),
        (events, expected) => Deviance.Poisson(events + 1, expected) >= Deviance.Poisson(events, expected)
            && Math.Sign(Deviance.Poisson(events, expected)) * Math.Sign(events - expected) >= 0
            && Deviance.Binomial(events, 1000, expected / 1000.0) <= Deviance.Binomial(events + 1, 1000, expected / 1000.0)).QuickCheckThrowOnFailure();
}
