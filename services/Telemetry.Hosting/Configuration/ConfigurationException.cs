namespace Telemetry.Hosting.Configuration;

/// <summary>The configuration is wrong. The message has one line for each error: key, value, and what is allowed.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> errors)
    : Exception("The configuration is not valid:" + Environment.NewLine + string.Join(Environment.NewLine, errors.Select(e => "  " + e)))
{
    /// <summary>One line for each error.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
