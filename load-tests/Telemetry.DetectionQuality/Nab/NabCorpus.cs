using System.Globalization;
using System.Text.Json;

namespace Telemetry.DetectionQuality.Nab;

/// <summary>Reads a folder in the layout of the Numenta Anomaly Benchmark: <c>data/**.csv</c> and <c>labels/combined_windows.json</c>.</summary>
internal static class NabCorpus
{
    /// <summary>All series that have a label entry, in the order of their names. A window that lies outside its series is left out.</summary>
    /// <exception cref="InvalidDataException">A file is not in the layout; the message names it, and the line.</exception>
    public static IReadOnlyList<NabSeries> Load(string folder)
    {
        string labels = Path.Combine(folder, "labels", "combined_windows.json");
        using FileStream stream = File.OpenRead(labels);
        Dictionary<string, string[][]> windows = JsonSerializer.Deserialize<Dictionary<string, string[][]>>(stream) ?? throw new InvalidDataException($"{labels}: an object is expected");
        var corpus = new List<NabSeries>();
        foreach ((string name, string[][] limits) in windows.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            string file = Path.Combine(folder, "data", name);
            if (File.Exists(file))
            {
                corpus.Add(Read(name, file, limits));
            }
        }

        return corpus;
    }

    private static NabSeries Read(string name, string file, string[][] limits)
    {
        var times = new List<DateTime>();
        var values = new List<double>();
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            string[] cells = line.Split(',');
            if (number == 1 || line.Length == 0)
            {
                continue;
            }

            if (cells.Length < 2 || !DateTime.TryParse(cells[0], CultureInfo.InvariantCulture, out DateTime time)
                || !double.TryParse(cells[1], CultureInfo.InvariantCulture, out double value))
            {
                throw new InvalidDataException($"{file}:{number}: \"{line}\"; a time and a number are expected");
            }

            times.Add(time);
            values.Add(value);
        }

        var windows = limits
            .Select(l => (First: times.FindIndex(t => t >= Time(l[0])), Last: times.FindLastIndex(t => t <= Time(l[1]))))
            .Where(w => w.First >= 0 && w.Last >= w.First)
            .OrderBy(w => w.First);
        return new NabSeries(name, [.. times], [.. values], [.. windows]);
    }

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);
}
