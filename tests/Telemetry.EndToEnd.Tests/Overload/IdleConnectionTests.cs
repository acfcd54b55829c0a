using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Overload;

/// <summary>Ten thousand connections to a Collector in a process of its own, of which nobody says anything.</summary>
public sealed class IdleConnectionTests
{
    private const int Connections = 10_000;
    private const int AtOnce = 100;

    // docs/operations.md, "Memory": what the process takes at rest, and what a connection costs.
    private const long Ceiling = (250L << 20) + (Connections * 24L << 10);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_idle_connections_keep_nobody_out_and_memory_under_its_ceiling()
    {
        Assert.SkipUnless(FileLimit() > Connections + 1000, "this system allows a process too few open files (ulimit -n)");
        using var data = new TemporaryDirectory();
        await using ServiceProcess collector = await ServiceProcess.StartAsync(
            "Telemetry.Collector", [$"SpanLog:Path={Path.Combine(data.Path, "span-log")}", "Collector:Grpc:Port=0", "Collector:Http:Port=0", "Operations:Port=0"], _cancellation);
        using var http = new HttpClient { Timeout = Bound };
        await SendAsync(http, collector);
        var idle = new List<Socket>(Connections);
        try
        {
            while (idle.Count < Connections)
            {
                Uri target = idle.Count % (2 * AtOnce) == 0 ? collector.Address("OTLP/HTTP") : collector.Address("OTLP/gRPC");
                idle.AddRange(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => ConnectAsync(target))));
            }

            for (int i = 0; i < 20; i++)
            {
                await SendAsync(http, collector);
            }

            using var anew = new HttpClient { Timeout = Bound };
            await SendAsync(anew, collector);
            Assert.InRange(OpenSockets(collector), Connections, 2 * Connections);
            long resident = ResidentBytes(collector);
            TestContext.Current.TestOutputHelper?.WriteLine($"{resident >> 20} MiB resident, ceiling {Ceiling >> 20} MiB");
            Assert.InRange(resident, 1, Ceiling);
        }
        finally
        {
            idle.ForEach(s => s.Dispose());
        }

        await SendAsync(http, collector);
        Assert.Equal(0, await collector.StopAsync(Bound, _cancellation));
    }

    private async Task<Socket> ConnectAsync(Uri target)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, target.Port, _cancellation);
        return socket;
    }

    private async Task SendAsync(HttpClient http, ServiceProcess collector)
    {
        string body = OtlpJson.Chat(Guid.NewGuid().ToString("N"), "00f067aa0ba902b7", "idle", TimeProvider.System.GetUtcNow());
        using HttpResponseMessage answer = await http.PostAsync(new Uri(collector.Address("OTLP/HTTP"), "/v1/traces"), new StringContent(body, Encoding.UTF8, "application/json"), _cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static int OpenSockets(ServiceProcess process) =>
        Directory.EnumerateFileSystemEntries($"/proc/{process.Pid}/fd").Count(f => new FileInfo(f).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private static long ResidentBytes(ServiceProcess process) => Kilobytes(File.ReadLines($"/proc/{process.Pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))) << 10;

    private static long FileLimit() => Kilobytes(File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal)));

    // The last number but for the unit.
    private static long Kilobytes(string line) =>
        long.Parse(line.Split(' ', '\t').Last(w => w.Length > 0 && char.IsAsciiDigit(w[0])), CultureInfo.InvariantCulture);
}
