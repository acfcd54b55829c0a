using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Telemetry.Console.Api;

/// <summary>
/// Values of ClickHouse in JSON: decimals and integers of more than 64 bits as strings, so that no reader rounds them; moments in RFC 3339, UTC; numbers that JSON has
/// no word for as null.
/// </summary>
internal static class JsonCell
{
    private const string Rfc3339 = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <summary>Writes one value.</summary>
    public static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case decimal money:
                json.WriteStringValue(money.ToString("0.############################", CultureInfo.InvariantCulture));
                break;
            case double number:
                WriteNumber(json, number);
                break;
            case float number:
                WriteNumber(json, number);
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case byte or sbyte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset moment:
                json.WriteStringValue(Moment(moment));
                break;
            case DateOnly day:
                json.WriteStringValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case IDictionary map:
                WriteMap(json, map);
                break;
            case object?[] list:
                WriteList(json, list);
                break;
            default:
                // Int128, UInt128, BigInteger, Guid, IPAddress.
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>A moment as text.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString(Rfc3339, CultureInfo.InvariantCulture);

    private static void WriteNumber<T>(Utf8JsonWriter json, T number)
        where T : IFloatingPointIeee754<T>
    {
        if (T.IsFinite(number))
        {
            json.WriteNumberValue(double.CreateChecked(number));
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteMap(Utf8JsonWriter json, IDictionary map)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            json.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!);
            Write(json, entry.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, object?[] list)
    {
        json.WriteStartArray();
        foreach (object? item in list)
        {
            Write(json, item);
        }

        json.WriteEndArray();
    }
}
