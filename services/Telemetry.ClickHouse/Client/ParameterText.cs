using System.Collections;
using System.Globalization;
using System.Text;

namespace Telemetry.ClickHouse.Client;

/// <summary>
/// Query parameters as the HTTP interface takes them (<c>param_name=</c>): the Escaped text form at the top, quoted literals inside arrays and
/// maps. Source: https://clickhouse.com/docs/interfaces/http, section on queries with parameters.
/// </summary>
internal static class ParameterText
{
    internal static string Format(object? value)
    {
        var text = new StringBuilder();
        Append(text, value, quoted: false);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, bool quoted)
    {
        switch (value)
        {
            case null:
                text.Append(quoted ? "NULL" : "\\N");
                break;
            case string s:
                AppendString(text, s, quoted);
                break;
            case bool b:
                text.Append(b ? "true" : "false");
                break;
            case DateTimeOffset time:
                text.Append(UnixSeconds(time));
                break;
            case DateOnly date:
                AppendString(text, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), quoted);
                break;
            case Guid guid:
                AppendString(text, guid.ToString("D"), quoted);
                break;
            case Enum:
                throw NotSupported(value);
            case IDictionary map:
                AppendMap(text, map);
                break;
            case IEnumerable items:
                AppendArray(text, items);
                break;
            case IFormattable number and (byte or sbyte or short or ushort or int or uint or long or ulong or Int128 or UInt128 or float or double or decimal):
                text.Append(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                throw NotSupported(value);
        }
    }

    /// <summary>Seconds since 1970 UTC with as many decimals as the time has, which DateTime and DateTime64 both read in any time zone.</summary>
    private static string UnixSeconds(DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return (ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture);
    }

    private static void AppendArray(StringBuilder text, IEnumerable items)
    {
        text.Append('[');
        bool first = true;
        foreach (object? item in items)
        {
            text.Append(first ? "" : ",");
            first = false;
            Append(text, item, quoted: true);
        }

        text.Append(']');
    }

    private static void AppendMap(StringBuilder text, IDictionary map)
    {
        text.Append('{');
        bool first = true;
        foreach (DictionaryEntry entry in map)
        {
            text.Append(first ? "" : ",");
            first = false;
            Append(text, entry.Key, quoted: true);
            text.Append(':');
            Append(text, entry.Value, quoted: true);
        }

        text.Append('}');
    }

    private static void AppendString(StringBuilder text, string value, bool quoted)
    {
        text.Append(quoted ? "'" : "");
        foreach (char c in value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\'' => text.Append("\\'"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\0' => text.Append("\\0"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                _ => text.Append(c),
            };
        }

        text.Append(quoted ? "'" : "");
    }

    private static NotSupportedException NotSupported(object value) => new(
        $"A parameter of type {value.GetType().Name} cannot be bound; use string, bool, a number, DateTimeOffset, DateOnly, Guid, or a list or dictionary of these.");
}
