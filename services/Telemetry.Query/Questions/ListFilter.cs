using System.Globalization;
using System.Text;
using Telemetry.Query.Ask;
using Telemetry.Query.Filter;

namespace Telemetry.Query.Questions;

/// <summary>Wanted values of plain columns of lists other than calls. Names of columns come from the code that asks.</summary>
internal static class ListFilter
{
    /// <summary>The conditions, each after an AND, over the alias <c>r</c>.</summary>
    /// <exception cref="InvalidQueryException">Too many values.</exception>
    public static string Where(IReadOnlyList<(string Column, IReadOnlyList<string> Values)> filters, IDictionary<string, object?> parameters)
    {
        var text = new StringBuilder();
        foreach ((string column, IReadOnlyList<string> values) in filters.Where(f => f.Values.Count > 0))
        {
            if (values.Count > Selection.MostValues)
            {
                throw new InvalidQueryException(column, string.Create(CultureInfo.InvariantCulture, $"{values.Count} values"), $"at most {Selection.MostValues} values");
            }

            parameters[column + "_in"] = values;
            text.Append($"\n    AND toString(r.{column}) IN {{{column}_in:Array(String)}}");
        }

        return text.ToString();
    }
}
