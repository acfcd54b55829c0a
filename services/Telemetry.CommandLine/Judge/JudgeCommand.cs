using System.CommandLine;

namespace Telemetry.CommandLine.Judge;

/// <summary><c>telemetry judge</c>: what is judged, what it costs, and one trace judged now.</summary>
internal static class JudgeCommand
{
    public static Command Create(TimeProvider time) => new("judge", "Sampling, budget, rubrics; judges one trace now.") { StatusCommand.Create(time), CheckCommand.Create(), AskCommand.Create(time) };
}
