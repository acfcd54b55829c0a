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

        forPeople(Open(output));
    }

    /// <summary>A console on an output: colours on a terminal alone, and not where NO_COLOR or a dumb terminal say otherwise.</summary>
    public static IAnsiConsole Open(TextWriter output)
    {
        bool colour = Terminal.HasColour(output);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Interactive = InteractionSupport.No,
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Console.IsOutputRedirected ? WidthOfPipes : Math.Max(console.Profile.Width, WidthOfPipes / 2);
        return console;
    }

    /// <summary>One JSON object or list, on one line.</summary>
    public static string Serialize(object result) => JsonSerializer.Serialize(result, Json);
}
