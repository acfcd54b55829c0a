using System.Globalization;
using System.Text.Json;

namespace Telemetry.Collector.Receive.Feedback;

/// <summary>The fields of one item, read with their limits; what is wrong is noted with the field, its value and what is allowed.</summary>
internal sealed class FeedbackFields(JsonElement item, string path, List<string> problems)
{
    private const int LongestShown = 100;

    private readonly int _problemsBefore = problems.Count;

    /// <summary>Whether nothing was wrong so far.</summary>
    public bool IsValid => problems.Count == _problemsBefore;

    /// <summary>Notes what is wrong.</summary>
    public void Refuse(string field, string allowed) => problems.Add($"{path}{field} is {Shown(field)}; allowed: {allowed}");

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string field) => item.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Names every field that is not known, so that a typing error is not a lost opinion.</summary>
    public void RefuseOthers(IReadOnlyCollection<string> known)
    {
        foreach (JsonProperty property in item.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                problems.Add($"{path}{Cut(property.Name)} is not known; allowed: {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>A text; empty when it is absent.</summary>
    public string Text(string field, int longest)
    {
        if (!Has(field))
        {
            return "";
        }

        JsonElement value = item.GetProperty(field);
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length <= longest)
        {
            return text;
        }

        Refuse(field, string.Create(CultureInfo.InvariantCulture, $"a text of up to {longest} characters"));
        return "";
    }

    /// <summary>An id in hexadecimal digits; empty when it is absent.</summary>
    public byte[] Hex(string field, int bytes)
    {
        if (!Has(field))
        {
            return [];
        }

        byte[] id = new byte[bytes];
        if (item.GetProperty(field) is { ValueKind: JsonValueKind.String } value && value.GetString() is { } text && text.Length == bytes * 2
            && Convert.FromHexString(text, id, out _, out _) == System.Buffers.OperationStatus.Done && id.AsSpan().ContainsAnyExcept((byte)0))
        {
            return id;
        }

        Refuse(field, string.Create(CultureInfo.InvariantCulture, $"{bytes * 2} hexadecimal digits, not all 0"));
        return [];
    }

    /// <summary>A number within bounds; null when it is not.</summary>
    public double? Number(string field, double least, double most)
    {
        if (Has(field) && item.GetProperty(field) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(field, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
        return null;
    }

    /// <summary>One of some words; the first one when the field is absent.</summary>
    public string Word(string field, params IReadOnlyList<string> allowed)
    {
        if (!Has(field))
        {
            return allowed[0];
        }

        if (item.GetProperty(field) is { ValueKind: JsonValueKind.String } value && allowed.Contains(value.GetString()))
        {
            return value.GetString()!;
        }

        Refuse(field, string.Join(", ", allowed));
        return allowed[0];
    }

    /// <summary>A time of RFC 3339 within bounds; the default when the field is absent.</summary>
    public DateTimeOffset Time(string field, DateTimeOffset otherwise, TimeSpan back, TimeSpan ahead)
    {
        if (!Has(field))
        {
            return otherwise;
        }

        if (item.GetProperty(field) is { ValueKind: JsonValueKind.String } value && value.TryGetDateTimeOffset(out DateTimeOffset time) && time >= otherwise - back && time <= otherwise + ahead)
        {
            return time;
        }

        Refuse(field, string.Create(CultureInfo.InvariantCulture, $"a time such as 2026-11-21T10:00:00Z, at most {back.TotalDays} days ago and {ahead.TotalDays} ahead"));
        return otherwise;
    }

    private string Shown(string field) => Has(field) ? Cut(item.GetProperty(field).GetRawText()) : "missing";

    private static string Cut(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "...";
}
