namespace Telemetry.Access.Accounts;

/// <summary>What somebody may do; each includes those before it.</summary>
public enum Role
{
    /// <summary>See figures, calls without what was said in them, alerts.</summary>
    Viewer,

    /// <summary>Acknowledge and silence incidents.</summary>
    Responder,

    /// <summary>Everything that the console can change.</summary>
    Admin,
}
