using System.Net.Http.Headers;
using System.Text;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Processes;

/// <summary>AllInOne on free ports and a directory of its own, with the questions that the tests ask it.</summary>
internal sealed class AllInOneProcess : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    private AllInOneProcess(ServiceProcess service) => Service = service;

    public ServiceProcess Service { get; }

    public Uri Http => Service.Address("OTLP/HTTP");

    public Uri Grpc => Service.Address("OTLP/gRPC");

    public Uri ClickHouse => Service.Address("ClickHouse");

    public Uri Operations => Service.Address("Health");

    public static async Task<AllInOneProcess> StartAsync(string data, CancellationToken cancellation, params string[] settings) =>
        new(await ServiceProcess.StartAsync("Telemetry.AllInOne", [.. Settings(data), .. settings], cancellation));

    public static IEnumerable<string> Settings(string data) =>
    [
        "Collector:Grpc:Port=0", "Collector:Http:Port=0", "EmbeddedClickHouse:Port=0", "Operations:Port=0",
        $"SpanLog:Path={Path.Combine(data, "span-log")}", $"EmbeddedClickHouse:Path={Path.Combine(data, "clickhouse")}",
    ];

    /// <summary>Posts OTLP/JSON; the status code tells whether the spans were accepted.</summary>
    public async Task<HttpResponseMessage> PostTracesAsync(string json, CancellationToken cancellation) =>
        await _http.PostAsync(new Uri(Http, "/v1/traces"), new StringContent(json, Encoding.UTF8, "application/json"), cancellation);

    /// <summary>Posts an OTLP body as it is.</summary>
    public async Task<HttpResponseMessage> PostTracesAsync(byte[] body, string contentType, CancellationToken cancellation)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await _http.PostAsync(new Uri(Http, "/v1/traces"), content, cancellation);
    }

    /// <summary>Runs a query and gives its text, in TabSeparated unless the query says otherwise.</summary>
    public async Task<string> AskAsync(string sql, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(ClickHouse, "/?database=telemetry"), new StringContent(sql), cancellation);
        string text = await answer.Content.ReadAsStringAsync(cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.TrimEnd('\n');
    }

    /// <summary>Asks until the answer is the expected one.</summary>
    public Task<string> AskUntilAsync(string sql, string expected, TimeSpan bound, CancellationToken cancellation) =>
        Eventually.GetAsync(() => AskAsync(sql, cancellation), answer => answer == expected, bound, cancellation);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Service.DisposeAsync();
    }
}
