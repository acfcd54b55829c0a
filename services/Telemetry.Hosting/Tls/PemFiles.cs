using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telemetry.Hosting.Tls;

/// <summary>Reads certificates and keys. Errors name the file and what is wrong with it, never what is in it.</summary>
internal static class PemFiles
{
    /// <summary>A certificate with its key and those that lead to its root.</summary>
    /// <exception cref="TlsException">A file is missing or wrong, key and certificate do not belong together, or its time is not now.</exception>
    public static SslStreamCertificateContext ReadCertificate(string certificateFile, string keyFile, TimeProvider time)
    {
        X509Certificate2Collection all = ReadAll(certificateFile);
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TlsException($"{keyFile}: {(e is IOException or UnauthorizedAccessException ? e.Message : "is no unencrypted PEM private key of the certificate in " + certificateFile)}", e);
        }

        DateTimeOffset now = time.GetUtcNow();
        if (now < certificate.NotBefore || now >= certificate.NotAfter)
        {
            throw new TlsException($"{certificateFile}: the certificate of {certificate.Subject} is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u} only, and it is {now:u}");
        }

        return SslStreamCertificateContext.Create(certificate, [.. all.Skip(1)], offline: true);
    }

    /// <summary>Roots to trust.</summary>
    /// <exception cref="TlsException">The file is missing, wrong or holds none.</exception>
    public static X509Certificate2Collection ReadAll(string file)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new TlsException($"{file}: {(e is CryptographicException ? "is no PEM file of certificates" : e.Message)}", e);
        }

        return all.Count > 0 ? all : throw new TlsException($"{file}: holds no certificate in PEM form");
    }

    /// <summary>Trusts these roots alone. Whether certificates were revoked is not asked for over the network.</summary>
    public static X509ChainPolicy Trusting(X509Certificate2Collection roots, string usage)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(roots);
        policy.ApplicationPolicy.Add(new Oid(usage));
        return policy;
    }
}
