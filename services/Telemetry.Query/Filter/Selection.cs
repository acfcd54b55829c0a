using System.Globalization;
using System.Text;
using Telemetry.Query.Ask;

namespace Telemetry.Query.Filter;

/// <summary>Which calls a question is about: values of dimensions that are wanted or not wanted, and least values of numbers.</summary>
internal sealed class Selection
{
    /// <summary>Most values of one dimension.</summary>
    public const int MostValues = 100;

    /// <summary>Numbers that calls can be searched by: parameter, column, type in ClickHouse.</summary>
    public static readonly IReadOnlyList<(string Name, string Column, string Type, string Description)> Numbers =
    [
        ("min_duration_ms", "duration_ms", "Float64", "Calls that took at least so many milliseconds"),
        ("min_ttft_ms", "ttft_ms", "Float64", "Calls whose first token took at least so many milliseconds"),
        ("min_cost_usd", "cost_usd", "Decimal(18, 12)", "Calls that cost at least so many US dollars"),
        ("min_input_tokens", "input_tokens", "UInt64", "Calls with at least so many input tokens"),
        ("min_output_tokens", "output_tokens", "UInt64", "Calls with at least so many output tokens"),
    ];

    private readonly List<(Dimension Dimension, bool Wanted, IReadOnlyList<string> Values)> _values = [];
    private readonly List<(string Name, string Column, string Type, decimal Least)> _numbers = [];

    /// <summary>Whether rollups can answer for it.</summary>
    public bool FitsRollups => _numbers.Count == 0 && _values.TrueForAll(v => v.Dimension.InRollups);

    /// <summary>Names of what is filtered on that rollups do not have.</summary>
    public IEnumerable<string> BeyondRollups => _values.Where(v => !v.Dimension.InRollups).Select(v => v.Dimension.Name).Concat(_numbers.Select(n => n.Name));

    /// <summary>Adds values; any of them is wanted, or none of them.</summary>
    /// <exception cref="InvalidQueryException">Too many values.</exception>
    public Selection Add(Dimension dimension, bool wanted, IReadOnlyList<string> values)
    {
        if (values.Count > MostValues)
        {
            throw new InvalidQueryException(dimension.Name, string.Create(CultureInfo.InvariantCulture, $"{values.Count} values"), $"at most {MostValues} values");
        }

        if (dimension.Name == "status" && values.FirstOrDefault(v => v is not ("ok" or "error")) is { } wrong)
        {
            throw new InvalidQueryException(dimension.Name, wrong, "ok, error");
        }

        _values.Add((dimension, wanted, values));
        return this;
    }

    /// <summary>Adds a least value of a number.</summary>
    /// <exception cref="InvalidQueryException">It is no number of that kind.</exception>
    public Selection AddLeast(string name, string text)
    {
        (string _, string column, string type, string _) = Numbers.First(n => n.Name == name);
        bool whole = type == "UInt64";
        if (!decimal.TryParse(text, whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal least) || least > 100_000)
        {
            bool large = least > 100_000 && column != "cost_usd" && least <= 1_000_000_000_000;
            if (!large)
            {
                throw new InvalidQueryException(name, text, whole ? "a whole number" : column == "cost_usd" ? "a number from 0 to 100000" : "a number, not negative");
            }
        }

        _numbers.Add((name, column, type, least));
        return this;
    }

    /// <summary>The conditions, each after an AND; values go into the parameters.</summary>
    /// <param name="alias">Name of the table in the statement.</param>
    /// <param name="parameters">Takes the values.</param>
    /// <param name="indent">Blanks before each line.</param>
    public string Where(string alias, IDictionary<string, object?> parameters, string indent = "    ")
    {
        var text = new StringBuilder();
        for (int i = 0; i < _values.Count; i++)
        {
            (Dimension dimension, bool wanted, IReadOnlyList<string> values) = _values[i];
            string name = $"{dimension.Name}_{(wanted ? "in" : "not_in")}{(i == 0 ? "" : i.ToString(CultureInfo.InvariantCulture))}";
            parameters[name] = values;
            string condition = dimension.IsList
                ? $"hasAny({alias}.{dimension.Column}, {{{name}:Array(String)}})"
                : $"{Bare(dimension, alias)} IN {{{name}:Array(String)}}";
            text.Append('\n').Append(indent).Append("AND ").Append(wanted ? condition : $"NOT ({condition})");
        }

        foreach ((string name, string column, string type, decimal least) in _numbers)
        {
            parameters[name] = least;
            text.Append('\n').Append(indent).Append($"AND {alias}.{column} >= {{{name}:{type}}}");
        }

        return text.ToString();
    }

    /// <summary>A text that is the same for the same selection, for cursors.</summary>
    public string Fingerprint() => string.Join(
        '\n',
        _values.Select(v => $"{v.Dimension.Name}{(v.Wanted ? "=" : "!=")}{string.Join('\t', v.Values)}")
            .Concat(_numbers.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Name}={n.Least}"))));

    // An index works on the column itself, not on a function of it.
    private static string Bare(Dimension dimension, string alias) => $"{alias}.{dimension.Column}";
}
