using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telemetry.TestKit;

/// <summary>A certificate authority of a test, which writes certificates of this machine and of clients as PEM files.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    public TestAuthority(string name = "test authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    public string RootFile => Path.Combine(_directory.Path, "root.pem");

    public X509Certificate2 Root => _root;

    /// <summary>Writes a certificate and its key; gives their files. A second one of the same name takes the first one's place.</summary>
    public (string Certificate, string Key) Issue(string name, bool isClient = false, TimeSpan? ended = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(isClient ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset end = ended is { } ago ? DateTimeOffset.UtcNow - ago : DateTimeOffset.UtcNow.AddDays(30);
        using X509Certificate2 certificate = request.Create(_root, end.AddDays(-60), end, RandomNumberGenerator.GetBytes(12));
        (string certificateFile, string keyFile) = (Path.Combine(_directory.Path, name + ".pem"), Path.Combine(_directory.Path, name + ".key"));
        Replace(certificateFile, certificate.ExportCertificatePem());
        Replace(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
        _directory.Dispose();
    }

    private static void Replace(string file, string content)
    {
        File.WriteAllText(file + ".new", content);
        File.Move(file + ".new", file, overwrite: true);
    }
}
