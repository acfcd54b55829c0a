using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Judge;

namespace Telemetry.CommandLine.Judge;

/// <summary><c>telemetry judge check</c>: reads rubrics and sampling rules.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var sampling = new Option<string>("--sampling") { Description = "File of the sampling rules; the shipped one when left out", DefaultValueFactory = _ => "" };
        var rubrics = new Option<string>("--rubrics") { Description = "File or directory of rubrics over the shipped ones", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var command = new Command("check", "Reads rubrics and sampling rules and tells what is wrong in them.") { sampling, rubrics, json };
        command.SetAction(async (result, _) =>
        {
            try
            {
                JudgeSetup setup = JudgeSetup.Read(new JudgeOptions { SamplingPath = result.GetRequiredValue(sampling), RubricsPath = result.GetRequiredValue(rubrics) });
                var found = new { Rubrics = setup.Rubrics.Values.Select(r => new { r.Name, r.Version }), Rules = setup.Rules.Select(r => new { r.Name, r.Share, r.FloorPerDay, r.Rubrics }) };
                CommandOutput.Print(result, result.GetValue(json), found, console => console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{setup.Rubrics.Count} rubrics, {setup.Rules.Count} sampling rules: nothing is wrong")));
                return ExitCodes.Done;
            }
            catch (RuleFileException e)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return ExitCodes.BadFile;
            }
        });
        return command;
    }
}
