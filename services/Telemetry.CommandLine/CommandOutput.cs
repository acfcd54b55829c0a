using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Telemetry.CommandLine;

/// <summary>Prints a command's result: one JSON object for machines, or whatever suits people.</summary>
internal static class CommandOutput
{
    private const int WidthOfPipes = 160;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(ParseResult command, bool asJson, object result, Action<IAnsiConsole> forPeople)
    {
        TextWriter output = command.InvocationConfiguration.Output;
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(result, Json));
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        console.Profile.Width = Console.IsOutputRedirected ? WidthOfPipes : Math.Max(console.Profile.Width, WidthOfPipes / 2);
        forPeople(console);
    }
}
