using System.ComponentModel.DataAnnotations;
using Telemetry.Hosting.Process;

namespace Telemetry.Hosting.Tests.Process;

public sealed class ServiceRunnerTests
{
    private bool _built;

    [Fact]
    public async Task A_wrong_setting_ends_with_exit_code_2_before_anything_is_built()
    {
        int exit = await ServiceRunner.RunAsync(Define(), ["--Telemetry:Test:Size=0", "--Telemetry:Test:Nope=1"]);

        Assert.Equal(2, exit);
        Assert.False(_built);
    }

    [Fact]
    public async Task A_part_that_cannot_start_ends_with_exit_code_1() =>
        Assert.Equal(1, await ServiceRunner.RunAsync(Define(new ServicePart("broken", _ => throw new IOException("no disk"), _ => Task.CompletedTask)), []));

    [Fact]
    public void Help_lists_every_key_with_its_default_and_meaning()
    {
        var output = new StringWriter();

        OptionsHelp.Write(output, Define());

        Assert.Contains("Telemetry:Test:Size = 3", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Telemetry:Service:ShutdownTimeout = 00:00:30", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("How long a stop may take", output.ToString(), StringComparison.Ordinal);
    }

    private ServiceDefinition Define(params ServicePart[] parts) => new()
    {
        Name = "telemetry-test",
        Summary = "A process for tests.",
        Sections = [("Telemetry:Test", typeof(SizeOptions))],
        Build = context =>
        {
            context.Options.Read<SizeOptions>("Telemetry:Test");
            return () =>
            {
                _built = true;
                return parts;
            };
        },
    };

    private sealed class SizeOptions
    {
        [Range(1, 9, ErrorMessage = "allowed: 1 to 9")]
        public int Size { get; set; } = 3;
    }
}
