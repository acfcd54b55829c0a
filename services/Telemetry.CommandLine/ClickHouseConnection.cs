using System.CommandLine;
using Telemetry.ClickHouse.Client;

namespace Telemetry.CommandLine;

/// <summary>Options that say which ClickHouse a command works on. The password comes from the environment, so that it stands in no process list.</summary>
internal sealed class ClickHouseConnection
{
    private const string PasswordVariable = "TELEMETRY_CLICKHOUSE_PASSWORD";

    private readonly Option<Uri> _url = new("--clickhouse")
    {
        Description = "ClickHouse's HTTP interface",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:8123"),
        CustomParser = UrlOption.Parse,
    };

    private readonly Option<string> _authority = new("--clickhouse-ca") { Description = "PEM file of the roots that an https address is checked against; the system's by default", DefaultValueFactory = _ => "" };
    private readonly Option<string> _database = new("--database") { Description = "Database", DefaultValueFactory = _ => "telemetry" };
    private readonly Option<string> _user = new("--user") { Description = $"User; the password is read from the environment variable {PasswordVariable}", DefaultValueFactory = _ => "default" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_authority);
        command.Add(_database);
        command.Add(_user);
    }

    /// <summary>A client for what the command line says.</summary>
    public ClickHouseClient Open(ParseResult result)
    {
        var options = new ClickHouseOptions
        {
            Url = result.GetRequiredValue(_url),
            Database = result.GetRequiredValue(_database),
            User = result.GetRequiredValue(_user),
            Password = Environment.GetEnvironmentVariable(PasswordVariable) ?? "",
            Tls = { CaFile = result.GetRequiredValue(_authority) },
        };
        return new ClickHouseClient(ClickHouseClient.CreateHttpClient(options, TimeProvider.System), options);
    }
}
