using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Telemetry.Grafana.Tests;

/// <summary>Columns and rows of a query, and how many rows the engine read for it.</summary>
public sealed record Answer(IReadOnlyList<(string Name, string Type)> Columns, IReadOnlyList<JsonElement[]> Rows, long ReadRows)
{
    public static async Task<Answer> ReadAsync(HttpClient http, Uri url, string sql, (string Name, string Value)[] parameters, CancellationToken cancellation)
    {
        string bound = string.Concat(parameters.Select(p => $"&param_{p.Name}={Uri.EscapeDataString(p.Value)}"));
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(sql));
        using HttpResponseMessage response = await http.PostAsync(new Uri(url, "/?database=telemetry&default_format=JSONCompact&wait_end_of_query=1" + bound), content, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        Assert.True(response.IsSuccessStatusCode, body + "\n" + sql);
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement summary = JsonDocument.Parse(response.Headers.GetValues("X-ClickHouse-Summary").Single()).RootElement;
        return new Answer(
            [.. document.RootElement.GetProperty("meta").EnumerateArray().Select(m => (m.GetProperty("name").GetString()!, m.GetProperty("type").GetString()!))],
            [.. document.RootElement.GetProperty("data").EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.Clone()).ToArray())],
            long.Parse(summary.GetProperty("read_rows").GetString()!, CultureInfo.InvariantCulture));
    }

    public string? TypeOf(string column) => Columns.Where(c => c.Name == column).Select(c => c.Type).SingleOrDefault();

    public static bool IsTime(string type) => type.Contains("DateTime", StringComparison.Ordinal);

    public static bool IsNumber(string type) =>
        type.Replace("Nullable(", "", StringComparison.Ordinal) is var bare
        && (bare.StartsWith("Int", StringComparison.Ordinal) || bare.StartsWith("UInt", StringComparison.Ordinal) || bare.StartsWith("Float", StringComparison.Ordinal) || bare.StartsWith("Decimal", StringComparison.Ordinal));
}
