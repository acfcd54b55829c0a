namespace Telemetry.Quality.Evaluate;

/// <summary>Something that must hold of an answer.</summary>
public abstract class Expectation
{
    /// <summary>Its name in the file.</summary>
    public abstract string Name { get; }

    /// <summary>Why it does not hold; null when it does.</summary>
    public abstract string? Broken(EvalAnswer answer);
}
