using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Overload;

/// <summary>The disk of the span log is full, a real one: a small file system in memory that only the process under test sees.</summary>
public sealed class FullDiskTests
{
    private const long DiskBytes = 48 << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private int _accepted;

    [Theory]
    [InlineData("SpanLog:Local:MinFreeDiskBytes=0", 0, "cannot write")]
    [InlineData("SpanLog:Local:MinFreeDiskBytes=8000000", 4_000_000, "MinFreeDiskBytes")]
    public async Task While_the_disk_is_full_spans_are_refused_with_a_hint_and_once_there_is_room_they_are_taken_without_a_restart(string setting, int left, string reason)
    {
        Assert.SkipUnless(await CanMountAsync(), "this system lets nobody mount a file system of their own (unshare --user --map-root-user --mount)");
        using var data = new TemporaryDirectory();
        string disk = Directory.CreateDirectory(Path.Combine(data.Path, "span-log")).FullName;
        string[] settings = [.. AllInOneProcess.Settings(data.Path), setting, "SpanLog:Partitions=1", "SpanLog:Local:RetentionInterval=00:00:00.05", "SpanLog:Local:RetryAfter=00:00:00.1", "SpanLog:Local:SegmentBytes=1048576"];
        await using ServiceProcess process = await ServiceProcess.StartAsync("Telemetry.AllInOne", settings, _cancellation, Launcher(disk));
        using var http = new HttpClient();
        await SendAsync(http, process, HttpStatusCode.OK);

        // The disk as the process sees it.
        string filler = $"/proc/{process.Pid}/root{disk}/filler";
        Fill(filler, left);
        HttpResponseMessage refused = await Processes.Eventually.GetAsync(() => SendAsync(http, process), a => a.StatusCode == HttpStatusCode.ServiceUnavailable, Bound, _cancellation);
        Assert.True(int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture) >= 1);
        Assert.Contains(reason, await refused.Content.ReadAsStringAsync(_cancellation), StringComparison.Ordinal);
        await ReadyUntilAsync(http, process, HttpStatusCode.ServiceUnavailable);

        File.Delete(filler);
        await ReadyUntilAsync(http, process, HttpStatusCode.OK);
        await SendAsync(http, process, HttpStatusCode.OK);
        await AskUntilAsync(http, process, "SELECT count() >= {0} AND count() = uniqExact(trace_id) FROM llm_calls");
        Assert.Equal(0, await process.StopAsync(Bound, _cancellation));
    }

    private static string[] Launcher(string disk) =>
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", $"mount -t tmpfs -o size={DiskBytes} tmpfs '{disk}' && exec \"$0\" \"$@\""];

    private async Task<bool> CanMountAsync()
    {
        using var data = new TemporaryDirectory();
        try
        {
            string[] command = [.. Launcher(data.Path), "true"];
            using var probe = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
            await probe.WaitForExitAsync(_cancellation);
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Fill(string path, int left)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] zeros = new byte[64 << 10];
        try
        {
            for (long written = 0; written <= DiskBytes; written += zeros.Length)
            {
                file.Write(zeros);
            }
        }
        catch (IOException)
        {
            // Full, as it should be.
        }

        file.SetLength(file.Length - left);
    }

    private async Task SendAsync(HttpClient http, ServiceProcess process, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await SendAsync(http, process);
        Assert.True(answer.StatusCode == expected, await answer.Content.ReadAsStringAsync(_cancellation));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient http, ServiceProcess process)
    {
        string trace = Guid.NewGuid().ToString("N");
        string body = OtlpJson.Request("full", OtlpJson.Span(trace, "00f067aa0ba902b7", TimeProvider.System.GetUtcNow(), content: new string('a', 10_000)));
        HttpResponseMessage answer = await http.PostAsync(new Uri(process.Address("OTLP/HTTP"), "/v1/traces"), new StringContent(body, Encoding.UTF8, "application/json"), _cancellation);
        _accepted += answer.IsSuccessStatusCode ? 1 : 0;
        return answer;
    }

    private Task<HttpStatusCode> ReadyUntilAsync(HttpClient http, ServiceProcess process, HttpStatusCode expected) => Processes.Eventually.GetAsync(
        async () =>
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(process.Address("Health"), "/readyz"), _cancellation);
            return answer.StatusCode;
        },
        status => status == expected,
        Bound,
        _cancellation);

    private Task<string> AskUntilAsync(HttpClient http, ServiceProcess process, string sql) => Processes.Eventually.GetAsync(
        async () =>
        {
            using HttpResponseMessage answer = await http.PostAsync(
                new Uri(process.Address("ClickHouse"), "/?database=telemetry"), new StringContent(string.Format(CultureInfo.InvariantCulture, sql, _accepted)), _cancellation);
            return (await answer.Content.ReadAsStringAsync(_cancellation)).TrimEnd('\n');
        },
        answer => answer == "1",
        Bound,
        _cancellation);
}
