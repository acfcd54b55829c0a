using Microsoft.Extensions.Logging;
using Telemetry.Alerting.Notify;
using Telemetry.Alerting.Read;

namespace Telemetry.Alerting;

/// <summary>Rules and channels that fit together.</summary>
/// <param name="Rules">Rules.</param>
/// <param name="Channels">Channels.</param>
internal sealed record AlertingSetup(RuleSet Rules, IReadOnlyList<ChannelDefinition> Channels)
{
    /// <summary>Reads what the options name.</summary>
    /// <exception cref="RuleFileException">Something is wrong in the files.</exception>
    /// <exception cref="IOException">One is missing or cannot be read.</exception>
    public static AlertingSetup Read(AlertingOptions options)
    {
        var errors = new List<string>();
        RuleSet? rules = Collect(() => RuleFiles.Read(RulesPath(options), options.RulesOverridePath), errors);
        IReadOnlyList<ChannelDefinition>? channels = Collect(() => ChannelFile.Read(options.ChannelsPath), errors);
        if (rules is not null && channels is not null)
        {
            errors.AddRange(Route.Unknown(rules, channels));
        }

        return errors.Count == 0 ? new AlertingSetup(rules!, channels!) : throw new RuleFileException(errors);
    }

    /// <summary>The same, read again when files change.</summary>
    public static WatchedFiles<AlertingSetup> Watch(AlertingOptions options, ILogger logger) => new(
        "rules and channels",
        () => YamlFiles.Stamp(RulesPath(options), options.RulesOverridePath, options.ChannelsPath),
        () => Read(options), logger);

    private static string RulesPath(AlertingOptions options) => options.RulesPath.Length > 0 ? options.RulesPath : RuleFiles.ShippedDirectory;

    private static T? Collect<T>(Func<T> read, List<string> errors)
        where T : class
    {
        try
        {
            return read();
        }
        catch (RuleFileException e)
        {
            errors.AddRange(e.Errors);
            return null;
        }
    }
}
