using System.Text.Json;
using Telemetry.CommandLine;

namespace Telemetry.EndToEnd.Tests.Processes;

/// <summary>One run of <c>telemetry</c> within the test's process.</summary>
internal sealed record CommandLineRun(int Code, string Output, string Error)
{
    public static async Task<CommandLineRun> OfAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLineApp.RunAsync(args, output, error, TimeProvider.System);
        return new CommandLineRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The result of a run that went well, which must have had <c>--json</c>.</summary>
    public JsonElement Json()
    {
        Assert.True(Code == 0, Error);
        return JsonDocument.Parse(Output).RootElement.Clone();
    }

    /// <summary>Asserts that the run was refused with a text that names what was wrong.</summary>
    public void AssertRefused(int code, params string[] texts)
    {
        Assert.True(Code == code, $"exit code {Code}: {Output}{Error}");
        Assert.All(texts, t => Assert.Contains(t, Error, StringComparison.Ordinal));
    }
}
