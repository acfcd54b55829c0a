namespace Telemetry.Hosting.Yaml;

/// <summary>Files of rules or channels are wrong. The message has one line for each error: file, line and column, field, value, and what is allowed.</summary>
public sealed class RuleFileException(IReadOnlyList<string> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>One line for each error.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
