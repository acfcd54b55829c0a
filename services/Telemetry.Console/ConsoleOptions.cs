using System.ComponentModel.DataAnnotations;
using Telemetry.Query;

namespace Telemetry.Console;

/// <summary>The console: read-only API and pages on the port of <c>Telemetry:Operations</c>. Section <see cref="Section"/>.</summary>
public sealed class ConsoleOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:Console";

    /// <summary>Serve it. Off, the port has the health checks alone.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Show messages and answers of calls. Off, nobody reads them here, by whatever way.</summary>
    public bool ShowContent { get; set; } = true;

    /// <summary>Take acknowledgements and silences.</summary>
    public bool AllowWrites { get; set; } = true;

    /// <summary>Answer statements that people wrote. They run as the read-only user; without one they are refused.</summary>
    public bool AllowSql { get; set; } = true;

    /// <summary>
    /// Names that browsers may reach it by, such as <c>telemetry.example.com</c>; * for any. Empty: on loopback the names of this machine alone, so that no page
    /// elsewhere can point its own name here; on other addresses any.
    /// </summary>
    public IList<string> AllowedHosts { get; set; } = [];

    /// <summary>Who writes acknowledgements and silences, where the console is a process of its own; without it they are refused there.</summary>
    public WriterOptions Writer { get; } = new();

    /// <summary>Golden signals on <c>/metrics</c>.</summary>
    public GoldenSignalOptions GoldenSignals { get; } = new();

    /// <summary>What one question may cost.</summary>
    public QueryOptions Query { get; } = new();
}

/// <summary>A user of ClickHouse who may insert into the tables of alerts.</summary>
public sealed class WriterOptions
{
    /// <summary>User name; empty for none.</summary>
    public string User { get; set; } = "";

    /// <summary>Password; empty when the user has none.</summary>
    public string Password { get; set; } = "";
}

/// <summary>Calls, errors, tokens, cost, first tokens and durations for Prometheus.</summary>
public sealed class GoldenSignalOptions
{
    /// <summary>Show them.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Series of counters, one for each service, environment, provider, model and operation; those that came later are one series, (other).</summary>
    [Range(1, 10_000, ErrorMessage = "allowed: 1 to 10000")]
    public int MaxSeries { get; set; } = 500;

    /// <summary>Series of histograms, one for each service and model; those that came later are one series, (other).</summary>
    [Range(1, 1000, ErrorMessage = "allowed: 1 to 1000")]
    public int MaxHistograms { get; set; } = 100;

    /// <summary>How old what is shown may be; scrapes in between ask nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "allowed: 00:00:01 to 00:10:00")]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromSeconds(15);
}
