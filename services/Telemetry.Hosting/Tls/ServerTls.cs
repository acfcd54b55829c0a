using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Telemetry.Hosting.Files;
using Telemetry.Hosting.Observability;

namespace Telemetry.Hosting.Tls;

/// <summary>
/// TLS for Kestrel's ports from files that may change: each handshake takes what they say then. The metric <c>telemetry.tls.certificate.expires_in</c> tells in seconds
/// how long the certificate in use is still valid, by part.
/// </summary>
public sealed class ServerTls : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly WatchedFile<Material> _material;

    private ServerTls(string part, TlsServerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        string[] files = [.. new[] { options.CertificateFile, options.KeyFile, options.ClientCaFile }.Where(f => f.Length > 0)];
        _material = new WatchedFile<Material>($"certificate of the {part}", files, () => Read(options, time), options.LookEvery, loggers.CreateLogger<ServerTls>(), time);
        TelemetryMeter.Meter.CreateObservableGauge(
            "telemetry.tls.certificate.expires_in",
            () => new Measurement<double>((_material.Current.Certificate.TargetCertificate.NotAfter - time.GetUtcNow()).TotalSeconds, new KeyValuePair<string, object?>("part", part)),
            "s");
    }

    /// <summary>Why changed files were not taken; null when all is well.</summary>
    public string? Problem => _material.Problem;

    /// <summary>Reads the files; null when TLS is off.</summary>
    /// <param name="part">Whose ports they are, for logs and metrics, such as <c>collector</c>.</param>
    /// <param name="options">The files.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="time">Clock.</param>
    /// <exception cref="TlsException">A file is missing or wrong, or the certificate's time is over.</exception>
    public static ServerTls? Create(string part, TlsServerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.IsOn ? new ServerTls(part, options, loggers, time) : null;
    }

    /// <summary>Has a port speak TLS and nothing else.</summary>
    public void Use(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        HandshakeTimeout = HandshakeTimeout,
        OnConnection = _ => ValueTask.FromResult(Options(_material.Current)),
    });

    /// <inheritdoc />
    public void Dispose() => _material.Dispose();

    private static SslServerAuthenticationOptions Options(Material material)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Certificate,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ClientCertificateRequired = material.ClientRoots is not null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (material.ClientRoots is { } roots)
        {
            options.CertificateChainPolicy = PemFiles.Trusting(roots, ClientAuthentication);

            // A client without a certificate is an error too; names of clients are not checked, for any of this authority is let in.
            options.RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null && errors == SslPolicyErrors.None;
        }

        return options;
    }

    private static Material Read(TlsServerOptions options, TimeProvider time) => new(
        PemFiles.ReadCertificate(options.CertificateFile, options.KeyFile, time), options.ClientCaFile.Length > 0 ? PemFiles.ReadAll(options.ClientCaFile) : null);

    private sealed record Material(SslStreamCertificateContext Certificate, X509Certificate2Collection? ClientRoots);
}
