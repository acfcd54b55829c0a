using System.CommandLine;
using System.Text.Json.Nodes;
using Telemetry.Detection;
using Telemetry.Detection.Compare;
using Telemetry.DetectionQuality.Evaluate;
using Telemetry.DetectionQuality.Nab;
using Telemetry.DetectionQuality.Report;
using Telemetry.DetectionQuality.Synthetic;

namespace Telemetry.DetectionQuality;

internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var nab = new Option<DirectoryInfo?>("--nab") { Description = "Folder in the layout of the Numenta Anomaly Benchmark (data/**.csv, labels/combined_windows.json); replays it instead of synthetic traffic" };
        var vary = new Option<bool>("--vary") { Description = "With --nab: the score of the same series a little changed, too" };
        var weeks = new Option<double>("--weeks") { Description = "Weeks of synthetic traffic that count", DefaultValueFactory = _ => 4 };
        var history = new Option<double>("--history") { Description = "Weeks before them", DefaultValueFactory = _ => 3 };
        var copies = new Option<int>("--copies") { Description = "Keys of each shape of traffic, with faults and without", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed") { Description = "Same seed, same traffic", DefaultValueFactory = _ => 1 };
        var openAt = new Option<double>("--open-at") { Description = "Telemetry:Detection:OpenAt", DefaultValueFactory = _ => new DetectionOptions().OpenAt };
        var scale = new Option<string?>("--scale") { Description = "Measures the loop itself against this ClickHouse (HTTP), in a database of its own, which stays: how long it loads and looks" };
        var keys = new Option<int>("--keys") { Description = "With --scale: keys", DefaultValueFactory = _ => 500 };
        var days = new Option<int>("--days") { Description = "With --scale: days of minutes", DefaultValueFactory = _ => 28 };
        var json = new Option<bool>("--json") { Description = "For machines" };
        var root = new RootCommand("Measures how good the detection is: recall, precision, delay, false alarms. Exit codes: 0 measured, 1 something could not be read.")
        {
            nab, vary, weeks, history, copies, seed, openAt, scale, keys, days, json,
        };
        root.SetAction(async (result, cancellation) =>
        {
            try
            {
                if (result.GetValue(scale) is { } url)
                {
                    await Scale.ScaleRun.RunAsync(new Uri(url), result.GetValue(keys), result.GetValue(days), Console.Out, cancellation);
                }
                else if (result.GetValue(nab) is { } folder)
                {
                    Replay(folder.FullName, result.GetValue(vary), result.GetValue(json));
                }
                else
                {
                    Simulate(
                        SyntheticRun.Of(
                            TrafficShape.All, new Sensitivity(result.GetValue(openAt)), result.GetValue(history), result.GetValue(weeks), result.GetValue(copies), result.GetValue(seed)),
                        result.GetValue(json));
                }

                return 0;
            }
            catch (Exception e) when (e is IOException or InvalidDataException or FormatException or System.Text.Json.JsonException or UnauthorizedAccessException or Telemetry.ClickHouse.Client.ClickHouseException)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return root.Parse(args).InvokeAsync();
    }

    private static void Replay(string folder, bool isVaried, bool asJson)
    {
        IReadOnlyList<NabSeries> corpus = NabCorpus.Load(folder);
        IReadOnlyList<double[]> scores = NabRun.Of(corpus);
        NabScore best = NabScorer.Best(corpus, scores);
        if (asJson)
        {
            Write(NabTable.ToJson(corpus, scores, best));
        }
        else
        {
            NabTable.Print(corpus, scores, best, Console.Out);
        }

        foreach (NabVariation variation in isVaried ? NabVariation.All : [])
        {
            List<NabSeries> varied = [.. corpus.Select(variation.Of)];
            NabTable.PrintVariation(variation.Name, NabScorer.Best(varied, NabRun.Of(varied)), asJson ? Console.Error : Console.Out);
        }
    }

    private static void Simulate(QualityReport report, bool asJson)
    {
        if (asJson)
        {
            Write(SyntheticTable.ToJson(report));
        }
        else
        {
            SyntheticTable.Print(report, Console.Out);
        }
    }

    private static void Write(JsonObject json) => Console.WriteLine(json.ToJsonString(new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerOptions.Default) { WriteIndented = true }));
}
