using System.Diagnostics;
using System.Runtime.InteropServices;
using Telemetry.ClickHouse.Client;

namespace Telemetry.ClickHouse.Tests.Embedded;

/// <summary>The engine as a child process that can be killed.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    internal Uri Url { get; }

    internal static async Task<ServerProcess> StartAsync(string path, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "Telemetry.ClickHouseServer"),
            [$"--Telemetry:EmbeddedClickHouse:Path={path}", "--Telemetry:EmbeddedClickHouse:Port=0", "--Logging:LogLevel:Default=Warning"])
        {
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["ClickHouse", { } url])
            {
                return new ServerProcess(process, new Uri(url));
            }
        }

        throw new InvalidOperationException("The server ended before it said where it listens.");
    }

    internal ClickHouseClient Client(HttpClient http) => new(http, new ClickHouseOptions { Url = Url, Database = "default" });

    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; the exit code.</summary>
    internal async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        Assert.Equal(0, SendSignal(_process.Id, 15));
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
