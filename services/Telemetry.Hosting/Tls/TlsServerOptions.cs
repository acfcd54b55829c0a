using System.ComponentModel.DataAnnotations;

namespace Telemetry.Hosting.Tls;

/// <summary>TLS 1.2 and 1.3 on listening ports. Off without a certificate. Changed files are taken for new connections while running; open ones go on.</summary>
public sealed class TlsServerOptions : IValidatableObject
{
    /// <summary>PEM file of the server's certificate, and behind it those that lead to its root; empty for no TLS.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of its private key, without a password.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>PEM file of the roots that clients' certificates must lead to; then nobody gets in without one (mutual TLS). Empty to ask for none.</summary>
    public string ClientCaFile { get; set; } = "";

    /// <summary>Time between two looks at the files; a change counts after at most two of them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "1.00:00:00", ErrorMessage = "allowed: 00:00:00.05 to 1.00:00:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether ports speak TLS.</summary>
    internal bool IsOn => CertificateFile.Length > 0;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CertificateFile.Length > 0 != KeyFile.Length > 0)
        {
            yield return new ValidationResult("CertificateFile and KeyFile go together", [CertificateFile.Length > 0 ? nameof(KeyFile) : nameof(CertificateFile)]);
        }

        if (ClientCaFile.Length > 0 && CertificateFile.Length == 0)
        {
            yield return new ValidationResult("needs CertificateFile and KeyFile too", [nameof(ClientCaFile)]);
        }
    }
}
