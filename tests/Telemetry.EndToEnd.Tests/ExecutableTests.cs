using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>The lifecycle of every executable: start, ready, stop, start again on the same data, and starts that cannot be.</summary>
public sealed class ExecutableTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public static TheoryData<string> Executables => ["Telemetry.AllInOne", "Telemetry.Collector", "Telemetry.Processor", "Telemetry.Console", "Telemetry.ClickHouseServer"];

    [Theory]
    [MemberData(nameof(Executables))]
    public async Task It_starts_stops_at_sigterm_with_0_and_starts_again_on_the_same_data(string executable)
    {
        await using DistributedLayout? layout = executable == "Telemetry.Processor" ? await DistributedLayout.StartAsync() : null;
        using var data = new TemporaryDirectory();
        for (int i = 0; i < 2; i++)
        {
            await using ServiceProcess process = await ServiceProcess.StartAsync(executable, layout?.ProcessorSettings() ?? Settings(executable, data.Path), _cancellation);
            Assert.Equal(0, await process.StopAsync(Bound, _cancellation));
            Assert.DoesNotContain("fail:", process.Log, StringComparison.Ordinal);
            Assert.DoesNotContain("crit:", process.Log, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Executables))]
    public async Task A_wrong_setting_ends_it_with_2_and_names_the_key(string executable)
    {
        using var data = new TemporaryDirectory();
        await using ServiceProcess process = ServiceProcess.StartWithoutWaiting(executable, [.. Settings(executable, data.Path), $"{PortKey(executable)}=70000"]);

        await process.WaitForExitAsync(Bound, _cancellation);

        Assert.Equal(2, process.ExitCode);
        Assert.Contains($"Telemetry:{PortKey(executable)} = \"70000\": ", process.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Executables))]
    public async Task A_port_that_is_taken_ends_it_with_1_and_names_the_address(string executable)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var data = new TemporaryDirectory();
        await using ServiceProcess process = ServiceProcess.StartWithoutWaiting(executable, [.. Settings(executable, data.Path), $"{PortKey(executable)}={port}"]);

        await process.WaitForExitAsync(Bound, _cancellation);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", process.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Telemetry.AllInOne")]
    [InlineData("Telemetry.Collector")]
    [InlineData("Telemetry.ClickHouseServer")]
    public async Task A_second_one_on_the_same_data_ends_with_1_and_the_first_goes_on(string executable)
    {
        using var data = new TemporaryDirectory();
        await using ServiceProcess first = await ServiceProcess.StartAsync(executable, Settings(executable, data.Path), _cancellation);
        await using ServiceProcess second = ServiceProcess.StartWithoutWaiting(executable, Settings(executable, data.Path));

        await second.WaitForExitAsync(Bound, _cancellation);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"in use by process {first.Pid}", second.Log, StringComparison.Ordinal);
        Assert.Equal(0, await first.StopAsync(Bound, _cancellation));
    }

    [Fact]
    public async Task A_client_that_never_ends_its_request_does_not_hold_up_the_end()
    {
        using var data = new TemporaryDirectory();
        await using ServiceProcess process = await ServiceProcess.StartAsync(
            "Telemetry.Collector", [.. Settings("Telemetry.Collector", data.Path), "Service:ShutdownTimeout=00:00:02"], _cancellation);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, process.Address("OTLP/HTTP").Port, _cancellation);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes("POST /v1/traces HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1000\r\n\r\nbegun"), _cancellation);

        // Within its bound of two seconds, and some for a busy machine; the body alone would be waited for ten times as long.
        await process.StopAsync(TimeSpan.FromSeconds(15), _cancellation);
    }

    private static string PortKey(string executable) => executable switch
    {
        "Telemetry.ClickHouseServer" => "EmbeddedClickHouse:Port",
        "Telemetry.Processor" or "Telemetry.Console" => "Operations:Port",
        _ => "Collector:Http:Port",
    };

    private static string[] Settings(string executable, string data) => executable switch
    {
        "Telemetry.ClickHouseServer" => ["EmbeddedClickHouse:Port=0", $"EmbeddedClickHouse:Path={data}"],
        "Telemetry.Collector" => ["Collector:Grpc:Port=0", "Collector:Http:Port=0", "Operations:Port=0", $"SpanLog:Path={data}"],
        "Telemetry.Processor" => ["Operations:Port=0", $"SpanLog:Path={data}"],
        // It starts without ClickHouse, and says on /readyz that it waits for it.
        "Telemetry.Console" => ["Operations:Port=0", "Access:Open=true", "ClickHouse:Url=http://127.0.0.1:9"],
        _ => [.. AllInOneProcess.Settings(data)],
    };
}
