using System.Globalization;
using System.Reflection;
using System.Text;

namespace Telemetry.LoadGenerator.Verify;

/// <summary>Asks ClickHouse over plain HTTP; the queries are the files in <c>Sql</c>.</summary>
internal sealed class ClickHouseReader(Uri clickHouse) : IDisposable
{
    private static readonly string User = Environment.GetEnvironmentVariable("CLICKHOUSE_USER") ?? "default";
    private static readonly string Password = Environment.GetEnvironmentVariable("CLICKHOUSE_PASSWORD") ?? "";
    private readonly HttpClient _http = new();

    /// <summary>One number.</summary>
    public async Task<long> NumberAsync(string query, IEnumerable<(string Name, object Value)> parameters, CancellationToken cancellation)
    {
        await foreach (long[] row in RowsAsync(query, parameters, cancellation))
        {
            return row[0];
        }

        return 0;
    }

    /// <summary>Rows of whole numbers, as they come.</summary>
    public async IAsyncEnumerable<long[]> RowsAsync(
        string query, IEnumerable<(string Name, object Value)> parameters, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await AskAsync(query, parameters, cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            yield return [.. line.Split('\t').Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> AskAsync(string query, IEnumerable<(string Name, object Value)> parameters, CancellationToken cancellation)
    {
        var path = new StringBuilder("/?database=telemetry");
        foreach ((string name, object value) in parameters)
        {
            path.Append(CultureInfo.InvariantCulture, $"&param_{name}={Uri.EscapeDataString(Convert.ToString(value, CultureInfo.InvariantCulture)!)}");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(clickHouse, path.ToString())) { Content = new StringContent(Sql(query), Encoding.UTF8, "text/plain") };
        request.Headers.Add("X-ClickHouse-User", User);
        if (Password.Length > 0)
        {
            request.Headers.Add("X-ClickHouse-Key", Password);
        }

        HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw new HttpRequestException($"ClickHouse at {clickHouse} refused {query}.sql: {(await answer.Content.ReadAsStringAsync(cancellation)).Trim()}");
        }
    }

    private static string Sql(string name)
    {
        using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Telemetry.LoadGenerator.Verify.Sql.{name}.sql")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
