using System.ComponentModel.DataAnnotations;
using System.Net;
using Telemetry.Hosting.Configuration;

namespace Telemetry.Access;

/// <summary>Who may read. Section <see cref="Section"/>.</summary>
public sealed class AccessOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:Access";

    /// <summary>File of accounts and tokens, as <c>telemetry accounts</c> writes it; everybody signs in then. Changes are taken while running.</summary>
    public string AccountsFile { get; set; } = "";

    /// <summary>Without a file: whether anybody who reaches the port sees everything. Allowed on loopback only. AllInOne takes true there when nothing is said, all others false.</summary>
    public bool? Open { get; set; }

    /// <summary>Time between two looks at the file; a change counts after at most two of them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00", ErrorMessage = "allowed: 00:00:00.05 to 00:10:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After how long without a request somebody has to sign in again.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00", ErrorMessage = "allowed: 00:01:00 to 7.00:00:00")]
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromHours(8);

    /// <summary>After how long somebody has to sign in again in any case.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00", ErrorMessage = "allowed: 00:01:00 to 90.00:00:00")]
    public TimeSpan SessionLength { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Whether browsers send the cookie over TLS only. When nothing is said, it is so unless the request itself came without TLS from this machine.</summary>
    public bool? SecureCookies { get; set; }

    /// <summary>Checks the settings, and lays down whether the mode is open.</summary>
    /// <param name="bindAddress">Address of the port.</param>
    /// <param name="addressKey">Key of that address, for the message.</param>
    /// <param name="reader">Gets the error.</param>
    /// <param name="byDefault">Whether it is open on loopback when nothing is said.</param>
    public void Decide(string bindAddress, string addressKey, OptionsReader reader, bool byDefault)
    {
        ArgumentNullException.ThrowIfNull(reader);
        bool loopback = IPAddress.TryParse(bindAddress, out IPAddress? address) && IPAddress.IsLoopback(address);
        if (AccountsFile.Length > 0)
        {
            if (Open == true)
            {
                reader.Refuse($"{Section}:Open = \"true\": allowed only without {Section}:AccountsFile");
            }

            Open = false;
            return;
        }

        Open ??= byDefault && loopback;
        if (!Open.Value)
        {
            reader.Refuse($"{Section}:AccountsFile: needed: a file of accounts, which \"telemetry accounts create NAME --file PATH\" makes{(loopback ? $"; or {Section}:Open = true, with which anybody on this machine sees everything" : "")}");
        }
        else if (!loopback)
        {
            reader.Refuse($"{Section}:Open = \"true\": allowed only with {addressKey} on loopback, not \"{bindAddress}\"; give {Section}:AccountsFile instead");
        }
    }
}
