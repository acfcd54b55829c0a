using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Telemetry.ClickHouse.Embedded.Engine;

namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>
/// The settings of one request's session: the front's limits, and over them what the URL asks for as far as the user may. Names must be settings
/// that the engine has; values are quoted literals, so that nothing of the URL becomes SQL.
/// </summary>
internal sealed class SettingsPolicy(EmbeddedClickHouseOptions options, FrozenSet<string> known)
{
    private static readonly FrozenSet<string> s_readerMayChange = FrozenSet.Create(
        StringComparer.Ordinal,
        "max_result_bytes", "result_overflow_mode", "max_bytes_to_read", "read_overflow_mode",
        "timeout_overflow_mode", "extremes", "limit", "offset", "session_timezone", "join_use_nulls", "date_time_output_format", "prefer_column_name_to_alias", "format_csv_null_representation",
        // Takes rows away and never adds any.
        "additional_table_filters");

    private static readonly FrozenSet<string> s_readerMayLower =
        FrozenSet.Create(StringComparer.Ordinal, "max_threads", "max_block_size", "max_result_rows", "max_rows_to_read", "max_memory_usage");

    /// <summary>The front sets these itself.</summary>
    private static readonly FrozenSet<string> s_notFromOutside = FrozenSet.Create(StringComparer.Ordinal, "log_comment", "readonly");

    /// <summary>One SET statement.</summary>
    /// <exception cref="EngineException">115 UNKNOWN_SETTING, or 164 READONLY for a setting that the user may not change.</exception>
    internal string Statement(FrontUser user, bool isGet, IReadOnlyList<KeyValuePair<string, string>> asked, bool wholeResult, Guid mark)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["max_execution_time"] = options.MaxExecutionTime.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
            ["max_memory_usage"] = options.MaxQueryMemoryBytes.ToString(CultureInfo.InvariantCulture),
            ["max_query_size"] = options.MaxQueryBytes.ToString(CultureInfo.InvariantCulture),
        };
        if (user.ReadOnly)
        {
            LimitReader(settings);
        }

        foreach ((string name, string value) in asked)
        {
            Take(settings, user, name, value);
        }

        if (wholeResult)
        {
            LimitResult(settings);
        }

        settings["log_comment"] = mark.ToString("N");
        // Last, for it locks the rest. 1 for the reader; 2 for GET, which may still set limits in its own SETTINGS clause.
        settings["readonly"] = user.ReadOnly ? "1" : isGet ? "2" : "0";
        return "SET " + string.Join(", ", settings.Select(s => $"{s.Key} = {Quote(s.Value)}"));
    }

    private void Take(Dictionary<string, string> settings, FrontUser user, string name, string value)
    {
        if (!known.Contains(name))
        {
            throw EngineException.Create(115, "UNKNOWN_SETTING", $"Unknown setting '{Shorten(name)}'");
        }

        if (s_notFromOutside.Contains(name))
        {
            return;
        }

        if (!user.ReadOnly)
        {
            settings[name] = value;
        }
        else if (name == "max_execution_time")
        {
            settings[name] = Shorter(value);
        }
        else if (settings.TryGetValue(name, out string? limit) && s_readerMayLower.Contains(name))
        {
            settings[name] = Lower(value, limit);
        }
        else if (s_readerMayChange.Contains(name) || name.StartsWith("output_format_", StringComparison.Ordinal))
        {
            settings[name] = value;
        }
        else
        {
            throw EngineException.Create(164, "READONLY", $"Cannot modify '{name}' setting in readonly mode");
        }
    }

    private void LimitReader(Dictionary<string, string> settings)
    {
        const int EngineBlockRows = 65_409;
        settings["max_rows_to_read"] = options.ReadOnlyMaxRowsToRead.ToString(CultureInfo.InvariantCulture);
        settings["max_result_rows"] = options.ReadOnlyMaxResultRows.ToString(CultureInfo.InvariantCulture);
        settings["max_threads"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        settings["max_block_size"] = EngineBlockRows.ToString(CultureInfo.InvariantCulture);
    }

    // 0 would be no limit.
    private static string Lower(string asked, string limit) =>
        long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0 && value <= long.Parse(limit, CultureInfo.InvariantCulture) ? asked : limit;

    /// <summary>A result that cannot be streamed lies in memory as a whole, so its size has a ceiling for everyone.</summary>
    private void LimitResult(Dictionary<string, string> settings)
    {
        bool smaller = settings.TryGetValue("max_result_bytes", out string? asked)
            && long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes > 0 && bytes <= options.MaxWholeResultBytes;
        if (!smaller)
        {
            settings["max_result_bytes"] = options.MaxWholeResultBytes.ToString(CultureInfo.InvariantCulture);
            settings["result_overflow_mode"] = "throw";
        }
    }

    private string Shorter(string value)
    {
        double limit = options.MaxExecutionTime.TotalSeconds;
        double seconds = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double asked) && asked > 0 ? Math.Min(asked, limit) : limit;
        return seconds.ToString("0.###", CultureInfo.InvariantCulture);
    }

    private static string Quote(string value) =>
        new StringBuilder("'").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)).Append('\'').ToString();

    private static string Shorten(string name) => name.Length <= 100 ? name : name[..100] + "...";
}
