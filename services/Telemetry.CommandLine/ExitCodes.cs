namespace Telemetry.CommandLine;

/// <summary>What a command's exit code says. A command line that cannot be parsed ends with 1 too, as System.CommandLine does it.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Could not be done: nothing found, or a wrong command line.</summary>
    public const int NotDone = 1;

    /// <summary>A file is missing or wrong; the error says which and where.</summary>
    public const int BadFile = 2;

    /// <summary>Something is not well (<c>status</c>).</summary>
    public const int NotWell = 3;

    /// <summary>Not all could be found out: an endpoint left cases without a result.</summary>
    public const int Incomplete = 3;
}
