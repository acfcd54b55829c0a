using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Telemetry.Hosting.Configuration;

namespace Telemetry.Hosting.Tests.Configuration;

public sealed class OptionsReaderTests
{
    [Fact]
    public void Lays_values_over_the_defaults_of_nested_options()
    {
        var reader = new OptionsReader(Configure(("Part:Port", "7"), ("Part:Inner:Wait", "00:00:05"), ("Part:Inner:Names:0", "a"), ("Part:Map:x.y", "1")));

        PartOptions options = reader.Read<PartOptions>("Part");

        reader.ThrowIfInvalid();
        Assert.Equal(7, options.Port);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Inner.Wait);
        Assert.Equal(["a"], options.Inner.Names);
        Assert.Equal("1", options.Map["x.y"]);
        Assert.Equal("127.0.0.1", options.Address);
    }

    [Fact]
    public void Reports_every_error_at_once_with_key_value_and_what_is_allowed()
    {
        var reader = new OptionsReader(Configure(
            ("Part:Port", "99999"), ("Part:Address", "nowhere"), ("Part:Mode", "Sideways"), ("Part:Inner:Wait", "soon"), ("Part:Prot", "1"), ("Other:Port", "x")));

        reader.Read<PartOptions>("Part");
        reader.Read<PartOptions>("Other");

        ConfigurationException error = Assert.Throws<ConfigurationException>(reader.ThrowIfInvalid);
        Assert.Collection(
            error.Errors.Order(StringComparer.Ordinal),
            e => Assert.Equal("Other:Port = \"x\": not a whole number (Int32)", e),
            e => Assert.Equal("Part:Address = \"nowhere\": allowed: an IP address such as 127.0.0.1 or ::1, or * for every address", e),
            e => Assert.Equal("Part:Inner:Wait = \"soon\": not a duration such as 00:00:30 (hours:minutes:seconds)", e),
            e => Assert.Equal("Part:Mode = \"Sideways\": not one of Slow, Fast", e),
            e => Assert.Equal("Part:Port = \"99999\": allowed: 0 to 65535", e),
            e => Assert.Equal("Part:Prot: unknown key; allowed here: Address, Inner, Map, Mode, Port", e));
    }

    [Fact]
    public void Says_so_when_a_section_stands_where_one_value_is_expected()
    {
        var reader = new OptionsReader(Configure(("Part:Port:Deep", "1")));

        reader.Read<PartOptions>("Part");

        ConfigurationException error = Assert.Throws<ConfigurationException>(reader.ThrowIfInvalid);
        Assert.Equal("Part:Port: a single value is expected, not a section", Assert.Single(error.Errors));
    }

    private static IConfiguration Configure(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build();

    private enum Mode
    {
        Slow,
        Fast,
    }

    private sealed class PartOptions
    {
        [Range(0, 65535, ErrorMessage = "allowed: 0 to 65535")]
        public int Port { get; set; } = 4317;

        [BindAddress]
        public string Address { get; set; } = "127.0.0.1";

        public Mode Mode { get; set; }

        public InnerOptions Inner { get; } = new();

        public Dictionary<string, string> Map { get; set; } = [];
    }

    private sealed class InnerOptions
    {
        public TimeSpan Wait { get; set; }

        public List<string> Names { get; set; } = [];
    }
}
