using System.CommandLine;
using Telemetry.Query.Ask;
using Telemetry.Query.Filter;

namespace Telemetry.CommandLine.Ask;

/// <summary>Options that say which calls: the usual dimensions by name, any of them with --where.</summary>
internal sealed class FilterOptions
{
    // A user is asked for with --where: --user is that of ClickHouse.
    private static readonly string[] s_usual = ["tenant", "service", "model", "provider", "status"];

    private readonly List<(string Dimension, Option<string[]> Option)> _usual =
        [.. s_usual.Select(d => (d, new Option<string[]>("--" + d) { Description = $"Only calls of this {d}; several times for any of several", DefaultValueFactory = _ => [] }))];

    private readonly Option<string[]> _where = new("--where")
    {
        Description = $"Only calls with name=value, or without it: name!=value. Names: {string.Join(", ", Dimension.All.Select(d => d.Name).Concat(Selection.Numbers.Select(n => n.Name)))}",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _usual.Single(u => u.Dimension == "status").Option.CompletionSources.Add("ok", "error");
        _usual.ForEach(u => command.Add(u.Option));
        _where.CompletionSources.Add([.. Dimension.All.Select(d => d.Name + "=")]);
        command.Add(_where);
    }

    /// <summary>The selection.</summary>
    /// <exception cref="InvalidQueryException">A name or a value is wrong.</exception>
    public Selection Read(ParseResult command)
    {
        var selection = new Selection();
        foreach ((string dimension, Option<string[]> option) in _usual.Where(u => command.GetRequiredValue(u.Option).Length > 0))
        {
            selection.Add(Dimension.Get("--" + dimension, dimension), wanted: true, command.GetRequiredValue(option));
        }

        foreach (var group in command.GetRequiredValue(_where).Select(Split).GroupBy(w => (w.Name, w.Wanted)))
        {
            if (Selection.Numbers.Any(n => n.Name == group.Key.Name))
            {
                selection.AddLeast(group.Key.Name, group.Last().Value);
            }
            else
            {
                selection.Add(Dimension.Get("--where", group.Key.Name), group.Key.Wanted, [.. group.Select(w => w.Value)]);
            }
        }

        return selection;
    }

    private static (string Name, bool Wanted, string Value) Split(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            throw new InvalidQueryException("--where", text, "name=value or name!=value");
        }

        bool wanted = text[equals - 1] != '!';
        return (text[..(wanted ? equals : equals - 1)], wanted, text[(equals + 1)..]);
    }
}
