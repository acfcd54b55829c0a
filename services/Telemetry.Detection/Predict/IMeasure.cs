namespace Telemetry.Detection.Predict;

/// <summary>Measures how odd a value is where it stands, in any unit; not negative.</summary>
internal interface IMeasure
{
    /// <summary>Measures the next value of the series.</summary>
    double Next(double value);
}
