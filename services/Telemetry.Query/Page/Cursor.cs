using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Telemetry.Query.Ask;
using Telemetry.Query.Range;

namespace Telemetry.Query.Page;

/// <summary>
/// Where a list goes on: the sort key of the last row, and the range as it was resolved for the first page, so that "the last six hours" do not move under the reader.
/// Opaque to clients. It belongs to one question: with other filters it is refused.
/// </summary>
/// <param name="Key">Sort value of the last row, as text.</param>
/// <param name="Ids">What tells rows of the same sort value apart.</param>
/// <param name="From">Range.</param>
/// <param name="To">Range.</param>
/// <param name="Question">Fingerprint of the question.</param>
internal sealed record Cursor(string Key, IReadOnlyList<string> Ids, DateTimeOffset From, DateTimeOffset To, string Question)
{
    private const int MostText = 4096;
    private const int FingerprintBytes = 9;

    /// <summary>The text for clients: letters, digits, dashes and underscores.</summary>
    public string Write() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
        new[] { Key, Ticks(From), Ticks(To), Question }.Concat(Ids)));

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidQueryException">It is none, or one of another question.</exception>
    public static Cursor? Read(string? text, string question)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            string[] parts = text.Length > MostText ? [] : JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(text)) ?? [];
            if (parts.Length >= 4 && parts.All(p => p is not null) && parts[3] == question)
            {
                return new Cursor(parts[0], parts[4..], Moment(parts[1]), Moment(parts[2]), question);
            }
        }
        catch (Exception e) when (e is FormatException or JsonException or OverflowException or ArgumentOutOfRangeException)
        {
            // Told below.
        }

        throw new InvalidQueryException("cursor", text, "next_cursor of an answer to the same question, with the same filters and order");
    }

    /// <summary>The range of the page: that of the first one.</summary>
    public TimeRange Apply(TimeRange range) => range with { From = From, To = To };

    /// <summary>A short text that is the same for the same question.</summary>
    public static string Fingerprint(params IEnumerable<string> parts) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, FingerprintBytes));

    private static string Ticks(DateTimeOffset moment) => moment.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(string ticks) => new(long.Parse(ticks, NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero);
}
