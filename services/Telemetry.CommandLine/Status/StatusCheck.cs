namespace Telemetry.CommandLine.Status;

/// <summary>One line of the status.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Well">Whether it is well; null for what is told without a judgement.</param>
/// <param name="Text">In words.</param>
internal sealed record StatusCheck(string Name, bool? Well, string Text);
