using System.Text.Json;

namespace Telemetry.CommandLine.Tests;

/// <summary>One run of the command line within the test's process.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static readonly string Repository = FindRepository();

    public static readonly string PricesDirectory = Path.Combine(Repository, "schemas", "prices");

    public static readonly string GenAiPackage = Path.Combine(Repository, "node_modules", "@pydantic", "genai-prices");

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<CommandRun> Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await CommandLineApp.RunAsync(args, output, error, new FixedTime(new DateTimeOffset(2026, 10, 1, 18, 0, 0, TimeSpan.Zero)));
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Telemetry.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("the tests do not run within the repository");
        }

        return directory.FullName;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
