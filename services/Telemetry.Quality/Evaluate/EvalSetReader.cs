using System.Globalization;
using System.Text.Json;

namespace Telemetry.Quality.Evaluate;

/// <summary>Reads a golden set: JSON Lines, one case a line; empty lines and those that begin with # are passed over. All problems are told at once, with their lines.</summary>
public static class EvalSetReader
{
    private const int MostProblems = 50;
    private const int MostCases = 100_000;
    private const int LongestLine = 4 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="EvalSetException">Something is wrong in it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<EvalCase> Read(string path) => Parse(path, File.ReadLines(path));

    /// <summary>Reads lines.</summary>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="lines">Its lines.</param>
    /// <exception cref="EvalSetException">Something is wrong in them.</exception>
    public static IReadOnlyList<EvalCase> Parse(string name, IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var problems = new List<string>();
        var cases = new List<EvalCase>();
        var ids = new Dictionary<string, int>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            if (problems.Count >= MostProblems || cases.Count >= MostCases)
            {
                break;
            }

            if (Read(line, number, problems) is not { } read)
            {
                continue;
            }

            if (!ids.TryAdd(read.Id, number))
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{number}: id \"{read.Id}\" is that of line {ids[read.Id]}; allowed: each id once"));
            }

            cases.Add(read);
        }

        if (problems.Count == 0 && cases.Count == 0)
        {
            problems.Add("1: there is no case; allowed: one JSON object a line");
        }

        return problems.Count == 0 ? cases : throw new EvalSetException(name, problems);
    }

    private static EvalCase? Read(string line, int number, List<string> problems)
    {
        if (line.Length > LongestLine)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{number}: the line has {line.Length} characters; allowed: {LongestLine}"));
            return null;
        }

        try
        {
            JsonElement root = JsonElement.Parse(line);
            return new EvalCaseReader(root, number, problems).Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{number}: not a JSON object: {e.Message}"));
            return null;
        }
    }
}
