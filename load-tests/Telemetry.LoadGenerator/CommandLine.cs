using System.CommandLine;
using System.CommandLine.Parsing;
using Telemetry.LoadGenerator.Payload;

namespace Telemetry.LoadGenerator;

/// <summary>The options, and the settings that they make.</summary>
internal sealed class CommandLine
{
    private readonly Option<string> _target = OneOf("--target", "Start this for the run: all-in-one or collector; otherwise --grpc or --http say what is running", ["", "all-in-one", "collector"]);
    private readonly Option<string> _log = OneOf("--log", "Span log of a started Collector: local, or kafka for a real broker that is started too", ["local", "kafka"]);
    private readonly Option<int> _partitions = Number("--partitions", "Partitions of a started process's span log; 0 for its default", 0, 0, 1024);
    private readonly Option<string> _data = new("--data") { Description = "Where a started process gets a directory of its own, which is removed afterwards", DefaultValueFactory = _ => Path.GetTempPath() };
    private readonly Option<string[]> _set = new("--set") { Description = "Setting of a started process, for example Processor:ContentShare=0; may be repeated", DefaultValueFactory = _ => [] };
    private readonly Option<Uri?> _grpc = Url("--grpc", "OTLP/gRPC of a running target, host:port or URL");
    private readonly Option<Uri?> _http = Url("--http", "OTLP/HTTP of a running target, host:port or URL");
    private readonly Option<Uri?> _clickHouse = Url("--clickhouse", "ClickHouse of a running target, to verify counts; CLICKHOUSE_USER and CLICKHOUSE_PASSWORD from the environment");
    private readonly Option<int[]> _pid = new("--pid") { Description = "Process of a running target whose CPU and memory are watched; may be repeated", DefaultValueFactory = _ => [] };

    private readonly Option<string> _protocol = OneOf("--protocol", "grpc, http (protobuf) or json", ["grpc", "http", "json"]);
    private readonly Option<bool> _gzip = new("--gzip") { Description = "Compressed requests, prepared before each phase" };
    private readonly Option<int> _connections = Number("--connections", "Connections", 2, 1, 1000);
    private readonly Option<int> _inFlight = Number("--in-flight", "Requests in flight on each connection when saturating", 8, 1, 10_000);

    private readonly Option<string> _dialect = OneOf("--dialect", "opentelemetry, openinference, vercel or openllmetry", ["opentelemetry", "openinference", "vercel", "openllmetry"]);
    private readonly Option<int> _promptBytes = Number("--prompt-bytes", "Bytes of each call's prompt; 0 records no messages", 0, 0, 400_000);
    private readonly Option<int> _spans = Number("--spans", "Spans of a request", 100, 1, 10_000);
    private readonly Option<int> _spansPerTrace = Number("--spans-per-trace", "Spans of a trace: an agent, its calls and tools; 1 for calls alone", 10, 1, 1000);
    private readonly Option<int> _services = Number("--services", "Distinct services", 10, 1, PayloadSettings.MostKeys);
    private readonly Option<int> _models = Number("--models", "Distinct models", 8, 1, PayloadSettings.MostKeys);
    private readonly Option<int> _prompts = Number("--prompts", "Distinct prompt names", 20, 1, PayloadSettings.MostKeys);

    private readonly Option<double> _rate = Real("--rate", "Spans a second, sent when they are due whatever became of those before (open loop); 0 saturates", 0);
    private readonly Option<double> _seconds = Real("--seconds", "Length of the run", 60);
    private readonly Option<double> _warmUp = Real("--warm-up", "Seconds of saturation beforehand that are not counted", 10);
    private readonly Option<double> _thenShare = Real("--then-share", "A paced phase follows, at this share of the spans a second that were found; 0 for none", 0);
    private readonly Option<double> _thenSeconds = Real("--then-seconds", "Length of that phase", 60);
    private readonly Option<int> _backlog = Number("--backlog", "Most spans acknowledged and not yet visible when saturating, so that what goes the whole way is measured; 0 for no bound; needs ClickHouse", 200_000, 0, int.MaxValue);
    private readonly Option<bool> _noFreshness = new("--no-freshness") { Description = "Do not measure, in paced phases, how soon acknowledged calls are visible" };
    private readonly Option<double> _drain = Real("--drain-seconds", "Longest wait until everything is visible", 300);
    private readonly Option<bool> _json = new("--json") { Description = "Print the result for machines" };

    /// <summary>The command.</summary>
    public RootCommand Command(Func<LoadSettings, bool, CancellationToken, Task<int>> run)
    {
        var root = new RootCommand(
            "Loads a Collector or the whole pipeline with LLM spans, as fast as it goes or paced, and compares what was acknowledged with what is there. "
            + "Exit codes: 0 all there once, 1 something is lost or double, 2 it could not run.")
        {
            _target, _log, _partitions, _data, _set, _grpc, _http, _clickHouse, _pid,
            _protocol, _gzip, _connections, _inFlight,
            _dialect, _promptBytes, _spans, _spansPerTrace, _services, _models, _prompts,
            _rate, _seconds, _warmUp, _thenShare, _thenSeconds, _backlog, _noFreshness, _drain, _json,
        };
        root.Validators.Add(Validate);
        root.SetAction((result, cancellation) => run(Read(result), result.GetValue(_json), cancellation));
        return root;
    }

    private void Validate(CommandResult result)
    {
        if (result.GetValue(_target) is "" && result.GetValue(_protocol) is "grpc" && result.GetValue(_grpc) is null)
        {
            result.AddError("--grpc is missing (or --target to start something)");
        }

        if (result.GetValue(_target) is "" && result.GetValue(_protocol) is not "grpc" && result.GetValue(_http) is null)
        {
            result.AddError("--http is missing (or --target to start something)");
        }

        if (result.GetValue(_log) is "kafka" && result.GetValue(_target) is not "collector")
        {
            result.AddError("--log kafka needs --target collector");
        }
    }

    private LoadSettings Read(ParseResult result)
    {
        var target = new TargetSettings
        {
            Name = result.GetValue(_target) switch { "all-in-one" => TargetName.AllInOne, "collector" => TargetName.Collector, _ => TargetName.Attached },
            Kafka = result.GetValue(_log) is "kafka",
            Partitions = result.GetValue(_partitions),
            Data = Path.GetFullPath(result.GetRequiredValue(_data)),
            Settings = result.GetRequiredValue(_set),
            Grpc = result.GetValue(_grpc),
            Http = result.GetValue(_http),
            ClickHouse = result.GetValue(_clickHouse),
            Processes = result.GetRequiredValue(_pid),
        };
        ProtocolName protocol = Enum.Parse<ProtocolName>(result.GetRequiredValue(_protocol), ignoreCase: true);
        bool hasClickHouse = target.Name == TargetName.AllInOne || target.ClickHouse is not null;
        return new LoadSettings
        {
            Target = target,
            Send = new SendSettings { Protocol = protocol, Gzip = result.GetValue(_gzip), Connections = result.GetValue(_connections), InFlight = result.GetValue(_inFlight) },
            Payload = new PayloadSettings
            {
                Dialect = Enum.Parse<DialectName>(result.GetRequiredValue(_dialect), ignoreCase: true),
                Json = protocol == ProtocolName.Json,
                PromptBytes = result.GetValue(_promptBytes),
                Spans = result.GetValue(_spans),
                SpansPerTrace = result.GetValue(_spansPerTrace),
                Services = result.GetValue(_services),
                Models = result.GetValue(_models),
                Prompts = result.GetValue(_prompts),
            },
            Rate = result.GetValue(_rate),
            Duration = TimeSpan.FromSeconds(result.GetValue(_seconds)),
            WarmUp = TimeSpan.FromSeconds(result.GetValue(_warmUp)),
            ThenShare = result.GetValue(_thenShare),
            ThenDuration = TimeSpan.FromSeconds(result.GetValue(_thenSeconds)),
            Backlog = hasClickHouse ? result.GetValue(_backlog) : 0,
            Freshness = hasClickHouse && !result.GetValue(_noFreshness),
            DrainBound = TimeSpan.FromSeconds(result.GetValue(_drain)),
        };
    }

    private static Option<string> OneOf(string name, string description, string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static Option<int> Number(string name, string description, int value, int least, int most) =>
        Checked(new Option<int>(name) { Description = description, DefaultValueFactory = _ => value }, number => number >= least && number <= most, $"{least} to {most}");

    private static Option<double> Real(string name, string description, double value) =>
        Checked(new Option<double>(name) { Description = description, DefaultValueFactory = _ => value }, number => number is >= 0 and <= 1e9, "0 or more");

    private static Option<T> Checked<T>(Option<T> option, Func<T, bool> isAllowed, string allowed)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is { } value && !isAllowed(value))
            {
                result.AddError($"{option.Name} is {value}; allowed: {allowed}");
            }
        });
        return option;
    }

    private static Option<Uri?> Url(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out Uri? url) && url.Scheme is "http")
            {
                return url;
            }

            result.AddError($"{name} is \"{text}\"; allowed: host:port or an http URL");
            return null;
        },
    };
}
