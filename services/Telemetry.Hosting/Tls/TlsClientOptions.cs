using System.ComponentModel.DataAnnotations;

namespace Telemetry.Hosting.Tls;

/// <summary>How the far side's certificate is checked, and which one is shown to it.</summary>
public sealed class TlsClientOptions : IValidatableObject
{
    /// <summary>PEM file of the roots that are trusted, in the place of the system's; empty for the system's.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>PEM file of the certificate that is shown to the far side, and behind it those that lead to its root; empty for none.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of its private key, without a password.</summary>
    public string KeyFile { get; set; } = "";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CertificateFile.Length > 0 != KeyFile.Length > 0)
        {
            yield return new ValidationResult("CertificateFile and KeyFile go together", [CertificateFile.Length > 0 ? nameof(KeyFile) : nameof(CertificateFile)]);
        }

        foreach ((string name, string file) in (IEnumerable<(string, string)>)[(nameof(CaFile), CaFile), (nameof(CertificateFile), CertificateFile), (nameof(KeyFile), KeyFile)])
        {
            if (file.Length > 0 && !File.Exists(file))
            {
                yield return new ValidationResult("there is no such file", [name]);
            }
        }
    }
}
