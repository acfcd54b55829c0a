using System.Globalization;
using System.Text.Json;

namespace Telemetry.ClickHouse.Client;

/// <summary>What a query cost, by the server's own count (header <c>X-ClickHouse-Summary</c>).</summary>
/// <param name="ReadRows">Rows that were read from tables.</param>
/// <param name="ReadBytes">Bytes of the columns that were read, uncompressed.</param>
/// <param name="Elapsed">Time within the server.</param>
public sealed record QuerySummary(long ReadRows, long ReadBytes, TimeSpan Elapsed)
{
    private const long NanosecondsPerTick = 100;

    internal static QuerySummary Of(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("X-ClickHouse-Summary", out IEnumerable<string>? values))
        {
            return new QuerySummary(0, 0, TimeSpan.Zero);
        }

        using JsonDocument summary = JsonDocument.Parse(values.First());
        return new QuerySummary(Number(summary, "read_rows"), Number(summary, "read_bytes"), TimeSpan.FromTicks(Number(summary, "elapsed_ns") / NanosecondsPerTick));
    }

    private static long Number(JsonDocument summary, string name) =>
        summary.RootElement.TryGetProperty(name, out JsonElement value) && long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
