using System.CommandLine;
using System.CommandLine.Completions;

namespace Telemetry.CommandLine.Completion;

/// <summary><c>telemetry completion</c>: scripts that let a shell complete commands, options and their values.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = $"One of {string.Join(", ", CompletionScripts.Shells)}" };
        shell.CompletionSources.Add([.. CompletionScripts.Shells]);
        var command = new Command("completion", "Prints a script for a shell. bash: source <(telemetry completion bash); zsh: the same; fish: telemetry completion fish | source") { shell };
        command.SetAction(result =>
        {
            string name = result.GetRequiredValue(shell);
            if (CompletionScripts.Of(name) is not { } script)
            {
                result.InvocationConfiguration.Error.WriteLine($"shell \"{name}\": allowed: {string.Join(", ", CompletionScripts.Shells)}");
                return ExitCodes.NotDone;
            }

            result.InvocationConfiguration.Output.Write(script);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What the scripts ask: the words up to the cursor, the last of them begun or empty. One completion a line.</summary>
    public static Command Complete(RootCommand root)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("complete", "Completes a command line, for the scripts of completion.") { words };
        command.Hidden = true;
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(result =>
        {
            string[] typed = result.GetValue(words) ?? [];
            string begun = typed.Length == 0 ? "" : typed[^1];
            // The last word is left out of what is parsed: it is what is looked for.
            ParseResult before = root.Parse(string.Join(' ', typed.SkipLast(1).Select(Quote)) + " ");
            IEnumerable<CompletionItem> found = before.GetCompletions();
            foreach (string label in found.Select(c => c.Label).Where(l => l.StartsWith(begun, StringComparison.Ordinal) && IsWanted(l, begun)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                result.InvocationConfiguration.Output.WriteLine(label);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    // Options are offered once one is begun; until then they only crowd the list.
    private static bool IsWanted(string label, string begun) => begun.Length > 0 || label[0] is not ('/' or '-');

    private static string Quote(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;
}
