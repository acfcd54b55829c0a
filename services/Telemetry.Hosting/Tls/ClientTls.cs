using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Telemetry.Hosting.Tls;

/// <summary>TLS towards a server of our own choosing, from files.</summary>
public static class ClientTls
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The options for a connection; the server's name is always checked.</summary>
    /// <exception cref="TlsException">A file is missing or wrong, or the certificate's time is over.</exception>
    public static SslClientAuthenticationOptions Create(TlsClientOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var tls = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (options.CaFile.Length > 0)
        {
            tls.CertificateChainPolicy = PemFiles.Trusting(PemFiles.ReadAll(options.CaFile), ServerAuthentication);
        }

        if (options.CertificateFile.Length > 0)
        {
            tls.ClientCertificateContext = PemFiles.ReadCertificate(options.CertificateFile, options.KeyFile, time);
        }

        return tls;
    }
}
