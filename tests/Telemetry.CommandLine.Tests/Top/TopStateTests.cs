using Telemetry.CommandLine.Top;

namespace Telemetry.CommandLine.Tests.Top;

public sealed class TopStateTests
{
    private static readonly TopState s_start = new("service", 15, "calls");

    [Theory]
    [InlineData("b", "model", 15, "calls")]
    [InlineData("s", "service", 15, "cost_usd")]
    [InlineData("r", "service", 60, "calls")]
    [InlineData("rrrr", "service", 5, "calls")]
    [InlineData("bbbbbbb", "service", 15, "calls")]
    [InlineData("zyx!", "service", 15, "calls")]
    public void Keys_change_what_is_shown(string keys, string by, int minutes, string order) => Assert.Equal(new TopState(by, minutes, order), keys.Aggregate(s_start, (state, key) => state.After(key)));

    [Theory]
    [InlineData('q')]
    [InlineData('\u0003')]
    [InlineData('\u001b')]
    public void It_ends_when_asked_to(char key) => Assert.True(s_start.After(key).Quit);

    [Fact]
    public void Space_stands_still_and_goes_on() => Assert.Equal(s_start, s_start.After(' ').After(' '));
}
