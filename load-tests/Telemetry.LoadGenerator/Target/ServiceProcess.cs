using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Telemetry.LoadGenerator.Measure;

namespace Telemetry.LoadGenerator.Target;

/// <summary>One of our services as a child: on free ports, with a data directory that goes with it, logging into a file there.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _banner = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(string name, string data, bool keep, IEnumerable<string> settings)
    {
        (Name, Data, Keep) = (name, data, keep);
        string program = Path.Combine(
            Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!,
            $"services/Telemetry.{name}/bin/Release/net10.0/Telemetry.{name}.dll");
        if (!File.Exists(program))
        {
            throw new FileNotFoundException($"{program} is not there; build it with: dotnet build services/Telemetry.{name} --configuration Release");
        }

        _log = new StreamWriter(Path.Combine(data, "service.log"));
        var start = new ProcessStartInfo("dotnet", [program, .. settings.Select(s => $"--Telemetry:{s}")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => ReadBanner(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"{name} ended before it was ready; its log is {data}/service.log"));
    }

    /// <summary>Service.</summary>
    public string Name { get; }

    /// <summary>Its data directory.</summary>
    public string Data { get; }

    /// <summary>Process id.</summary>
    public int Pid => _process.Id;

    private bool Keep { get; }

    /// <summary>Starts and waits until it is ready.</summary>
    /// <param name="name">AllInOne or Collector.</param>
    /// <param name="directory">Data directory, which is kept; null for a temporary one.</param>
    /// <param name="settings">More settings, such as <c>Processor:ContentShare=0</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ServiceProcess> StartAsync(string name, string? directory, IEnumerable<string> settings, CancellationToken cancellation)
    {
        string data = directory is null ? Directory.CreateTempSubdirectory("telemetry-load-").FullName : Directory.CreateDirectory(directory).FullName;
        string[] all =
        [
            "Collector:Grpc:Port=0", "Collector:Http:Port=0", "Operations:Port=0", $"SpanLog:Path={Path.Combine(data, "span-log")}",
            .. name == "AllInOne" ? ["EmbeddedClickHouse:Port=0", $"EmbeddedClickHouse:Path={Path.Combine(data, "clickhouse")}"] : Array.Empty<string>(),
            .. settings,
        ];
        ServiceProcess? service = null;
        try
        {
            service = new ServiceProcess(name, data, directory is not null, all);
            service._process.Start();
            service._process.BeginOutputReadLine();
            service._process.BeginErrorReadLine();
            await service._ready.Task.WaitAsync(StartBound, cancellation);
            return service;
        }
        catch
        {
            if (service is not null)
            {
                await service.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>An address of the banner, for example <c>OTLP/gRPC</c>; null when it has none.</summary>
    public Uri? Address(string name)
    {
        lock (_lock)
        {
            return _banner.TryGetValue(name, out string? address) ? new Uri(address) : null;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        const int Sigterm = 15;
        bool ended = false;
        try
        {
            _ = Native.SendSignal(_process.Id, Sigterm);
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopBound);
            ended = _process.ExitCode == 0;
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was never started.
        }

        _process.Dispose();
        lock (_lock)
        {
            _log.Dispose();
        }

        if (!Keep && ended)
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    private void ReadBanner(string? line)
    {
        string[] words = (line ?? "").Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        lock (_lock)
        {
            if (words.Length == 2)
            {
                _banner[words[0]] = words[1];
            }
        }

        if (words is ["ready", _])
        {
            _ready.TrySetResult();
        }
    }

    private void Log(string? line)
    {
        lock (_lock)
        {
            if (_log.BaseStream.CanWrite)
            {
                _log.WriteLine(line);
            }
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, process {Pid}");
}
