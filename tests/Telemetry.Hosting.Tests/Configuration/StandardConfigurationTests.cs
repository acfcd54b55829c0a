using Telemetry.Hosting.Configuration;

namespace Telemetry.Hosting.Tests.Configuration;

public sealed class StandardConfigurationTests
{
    [Fact]
    public void The_command_line_sets_keys() =>
        Assert.Equal("5", StandardConfiguration.Load(["--Telemetry:Part:Port=5"])["Telemetry:Part:Port"]);

    [Theory]
    [InlineData("serve")]
    [InlineData("--port=5")]
    [InlineData("--Telemetry:Part:Port")]
    public void An_argument_that_is_no_setting_is_named(string argument)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => StandardConfiguration.Load([argument]));
        Assert.StartsWith(argument + ": not understood", Assert.Single(error.Errors), StringComparison.Ordinal);
    }
}
