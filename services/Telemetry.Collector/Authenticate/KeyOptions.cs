using System.ComponentModel.DataAnnotations;

namespace Telemetry.Collector.Authenticate;

/// <summary>Who may send.</summary>
public sealed class KeyOptions
{
    /// <summary>File of the ingest keys, as <c>telemetry keys</c> writes it; every request needs one of them then. Changes are taken while running.</summary>
    public string File { get; set; } = "";

    /// <summary>Without a file: whether anybody who reaches the port may send, as tenant "default". Allowed on loopback only. AllInOne takes true there when nothing is said, all others false.</summary>
    public bool? Open { get; set; }

    /// <summary>Time between two looks at the file; a change counts after at most two of them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00", ErrorMessage = "allowed: 00:00:00.05 to 00:10:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);
}
