using System.Net;
using Telemetry.Hosting.Configuration;

namespace Telemetry.Collector.Authenticate;

/// <summary>Whether a Collector may take spans of anybody: on loopback, when that was asked for.</summary>
public static class OpenMode
{
    /// <summary>What is said on standard output while anybody may send.</summary>
    public const string Notice = "  OPEN MODE    anybody on this machine may send, as tenant \"default\"; telemetry keys create makes keys (docs/security.md)";

    /// <summary>Checks the settings, and lays down whether the mode is open.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="reader">Gets the error.</param>
    /// <param name="byDefault">Whether it is open on loopback when nothing is said.</param>
    public static void Decide(CollectorOptions options, OptionsReader reader, bool byDefault)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reader);
        bool loopback = IPAddress.TryParse(options.BindAddress, out IPAddress? address) && IPAddress.IsLoopback(address);
        string keys = $"{CollectorOptions.Section}:{nameof(CollectorOptions.Keys)}";
        if (options.Keys.File.Length > 0)
        {
            if (options.Keys.Open == true)
            {
                reader.Refuse($"{keys}:Open = \"true\": allowed only without {keys}:File");
            }

            options.Keys.Open = false;
            return;
        }

        options.Keys.Open ??= byDefault && loopback;
        if (!options.Keys.Open.Value)
        {
            reader.Refuse($"{keys}:File: needed: a file of ingest keys, which \"telemetry keys create --tenant NAME --file PATH\" makes{(loopback ? $"; or {keys}:Open = true, with which anybody on this machine may send" : "")}");
        }
        else if (!loopback)
        {
            reader.Refuse($"{keys}:Open = \"true\": allowed only with {CollectorOptions.Section}:BindAddress on loopback, not \"{options.BindAddress}\"; give {keys}:File instead");
        }
    }
}
