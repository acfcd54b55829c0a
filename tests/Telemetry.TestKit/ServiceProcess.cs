using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Telemetry.TestKit;

/// <summary>One of our executables as a real process: started, read through its banner, stopped politely or with <c>kill -9</c>.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentDictionary<string, string> _banner = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(string service, IEnumerable<string> settings, IReadOnlyList<string> launcher)
    {
        string[] command = [.. launcher, "dotnet"];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{service}.dll"));
        foreach (string setting in WithOpenMode(service, [.. settings]))
        {
            start.ArgumentList.Add($"--Telemetry:{setting}");
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => ReadBanner(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"{service} ended before it was ready:\n{Log}"));
    }

    /// <summary>What the process logged so far.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>What the process said on standard output so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Exit code after the end.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a service with settings such as <c>Collector:Grpc:Port=0</c> and waits until its banner says ready.</summary>
    /// <remarks>The launcher is a command that runs the service, such as one that gives it file systems of its own; empty for none.</remarks>
    public static async Task<ServiceProcess> StartAsync(string service, IEnumerable<string> settings, CancellationToken cancellation, params IReadOnlyList<string> launcher)
    {
        ServiceProcess process = StartWithoutWaiting(service, settings, launcher);
        try
        {
            await process.WaitUntilReadyAsync(cancellation);
            return process;
        }
        catch (TimeoutException)
        {
            await process.DisposeAsync();
            throw new TimeoutException($"{service} was not ready within {StartBound}:\n{process.Log}");
        }
    }

    /// <summary>Starts a service that is expected to end, or to wait, by itself.</summary>
    public static ServiceProcess StartWithoutWaiting(string service, IEnumerable<string> settings, params IReadOnlyList<string> launcher)
    {
        var process = new ServiceProcess(service, settings, launcher);
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Waits until the banner says ready.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellation) => _ready.Task.WaitAsync(StartBound, cancellation);

    /// <summary>An address of the banner, for example <c>OTLP/gRPC</c>.</summary>
    public Uri Address(string name) => new(_banner[name]);

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: all its threads stand still, as on a machine that swaps or is being moved.</summary>
    public void Freeze()
    {
        const int Sigstop = 19;
        Signal(Sigstop);
    }

    /// <summary>SIGCONT: it goes on as if nothing had happened.</summary>
    public void Thaw()
    {
        const int Sigcont = 18;
        Signal(Sigcont);
    }

    /// <summary>SIGTERM, then waits for the end.</summary>
    public async Task<int> StopAsync(TimeSpan bound, CancellationToken cancellation)
    {
        const int Sigterm = 15;
        Signal(Sigterm);
        await _process.WaitForExitAsync(cancellation).WaitAsync(bound, cancellation);
        return _process.ExitCode;
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    public Task WaitForExitAsync(TimeSpan bound, CancellationToken cancellation) =>
        _process.WaitForExitAsync(cancellation).WaitAsync(bound, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    // A Collector wants to know who may send; tests that are not about that let anybody.
    private static string[] WithOpenMode(string service, string[] settings) =>
        service == "Telemetry.Collector" && !Array.Exists(settings, s => s.StartsWith("Collector:Keys:", StringComparison.Ordinal) || s.StartsWith("Collector:BindAddress", StringComparison.Ordinal))
            ? [.. settings, "Collector:Keys:Open=true"]
            : settings;

    private void ReadBanner(string? line)
    {
        _output.Enqueue(line ?? "");
        string[] words = (line ?? "").Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 2)
        {
            _banner[words[0]] = words[1];
        }

        if (words is ["ready", _])
        {
            _ready.TrySetResult();
        }
    }

    private void Signal(int signal)
    {
        if (SendSignal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"process {_process.Id} takes no signal");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {_process.Id}");
}
