namespace Telemetry.Hosting.Process;

/// <summary>A process: its name, what it is for, its configuration sections, and the explicit list of its parts.</summary>
public sealed class ServiceDefinition
{
    /// <summary>Name of the executable and the OpenTelemetry <c>service.name</c>, for example <c>telemetry-collector</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for <c>--help</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>Sections and their options classes, for <c>--help</c>.</summary>
    public required IReadOnlyList<(string Section, Type Options)> Sections { get; init; }

    /// <summary>
    /// Reads the options and builds the parts without starting anything. Runs before the errors of the configuration are reported,
    /// so it must not do I/O; the returned function is called only when the configuration is valid.
    /// </summary>
    public required Func<ServiceContext, Func<IReadOnlyList<ServicePart>>> Build { get; init; }

    /// <summary>Lines for people once everything runs, for example the bound endpoints.</summary>
    public Func<IEnumerable<string>> Banner { get; init; } = () => [];
}
