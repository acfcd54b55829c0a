using System.CommandLine;
using Telemetry.Query.Range;

namespace Telemetry.CommandLine.Ask;

/// <summary>Options that say from when until when, and where days begin.</summary>
internal sealed class RangeOptions(string usual)
{
    private readonly Option<string> _from = new("--from") { Description = $"Start: {TimeText.Allowed}", DefaultValueFactory = _ => usual };
    private readonly Option<string> _to = new("--to") { Description = "End, as --from", DefaultValueFactory = _ => "now" };
    private readonly Option<string> _zone = new("--tz") { Description = "IANA time zone of dates, today and month, such as Europe/Berlin", DefaultValueFactory = _ => "UTC" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _from.CompletionSources.Add("now-15m", "now-1h", "now-6h", "now-24h", "now-7d", "today", "yesterday", "month");
        command.Add(_from);
        command.Add(_to);
        command.Add(_zone);
    }

    /// <summary>The range.</summary>
    /// <exception cref="Query.Ask.InvalidQueryException">One of them is wrong.</exception>
    public TimeRange Read(ParseResult command, DateTimeOffset now) => TimeRange.Parse(command.GetRequiredValue(_from), command.GetRequiredValue(_to), command.GetRequiredValue(_zone), now);
}
