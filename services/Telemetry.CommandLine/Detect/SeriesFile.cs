using System.Globalization;

namespace Telemetry.CommandLine.Detect;

/// <summary>Reads a series from CSV: a time and a number a line, with or without a header, more columns allowed.</summary>
internal static class SeriesFile
{
    /// <summary>All rows in the order of the file; those without a value are left out.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="name">Of the file, for errors.</param>
    /// <param name="column">Header of the column of values; the second column when null.</param>
    /// <exception cref="InvalidDataException">A line has no number where one is expected, or there is no such column; the message says where.</exception>
    public static IEnumerable<SeriesRow> Read(IEnumerable<string> lines, string name, string? column)
    {
        int at = 1;
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string[] cells = [.. line.Split(',').Select(c => c.Trim().Trim('"'))];
            if (number == 1)
            {
                at = column is null ? 1 : Array.IndexOf(cells, column);
                if (at < 0)
                {
                    throw new InvalidDataException($"{name}:1: no column \"{column}\"; there are {string.Join(", ", cells)}");
                }

                if (column is not null || (cells.Length > at && !TryParse(cells[at], out _)))
                {
                    continue;
                }
            }

            if (cells.Length <= at || !(cells[at].Length == 0 || TryParse(cells[at], out _)))
            {
                throw new InvalidDataException($"{name}:{number}: \"{line}\"; a time and a number, with a comma between them, are expected");
            }

            if (TryParse(cells[at], out double value) && double.IsFinite(value))
            {
                yield return new SeriesRow(cells[0], value);
            }
        }
    }

    private static bool TryParse(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
