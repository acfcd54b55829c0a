using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.TestKit;

namespace Telemetry.SpanLog.Tests.Kafka;

/// <summary>TLS and SASL settings: what is wrong is said at the start, and what is right is what librdkafka does.</summary>
public sealed class SecurityTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Theory]
    [InlineData("security.protocol=tls", "allowed: plaintext, ssl, sasl_plaintext, sasl_ssl")]
    [InlineData("sasl.username=u;sasl.password=sentinel", "SASL settings are there and would not be used")]
    [InlineData("security.protocol=SSL;sasl_username=u", "SASL settings are there and would not be used")]
    [InlineData("ssl.ca.location=/etc/hostname", "TLS settings are there and would not be used")]
    [InlineData("security_protocol=SASL_SSL;sasl_mechanism=SCRAM-SHA-512;sasl_username=u", "needs Client:sasl.username, and Client:sasl.password or SaslPasswordFile")]
    [InlineData("security.protocol=sasl_ssl;sasl.mechanism=KERBEROS;sasl.password=sentinel", "Client:sasl.mechanism: allowed: GSSAPI")]
    [InlineData("security.protocol=ssl;ssl.ca.location=/nowhere/root.pem", "Client:ssl.ca.location = \"/nowhere/root.pem\": there is no such file")]
    public void Settings_that_would_not_do_what_they_say_are_refused_without_showing_secrets(string settings, string expected)
    {
        string message = string.Join('\n', Problems(settings));
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("sentinel", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("security.protocol=SSL;ssl.ca.location=/etc")]
    [InlineData("security.protocol=SASL_SSL;sasl.mechanism=PLAIN;sasl.username=u;sasl.password=p")]
    [InlineData("security.protocol=SASL_SSL;sasl.mechanism=OAUTHBEARER")]
    public void Settings_that_go_together_are_taken(string settings) => Assert.Empty(Problems(settings));

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task The_client_shows_its_certificate_to_a_broker_of_the_trusted_authority_and_to_no_other(bool isTrusted, bool ownName)
    {
        using var other = new TestAuthority("another authority");
        (string certificate, string key) = (isTrusted ? _authority : other).Issue("broker");
        (string clientCertificate, string clientKey) = _authority.Issue("client", isClient: true);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<string> seen = AcceptAsync(listener, certificate, key, stop.Token);
        var options = new SpanLogOptions { Kind = SpanLogKind.Kafka };
        options.Kafka.BootstrapServers = $"{(ownName ? "localhost" : "127.0.0.2")}:{((IPEndPoint)listener.LocalEndpoint).Port}";
        if (!ownName)
        {
            using var elsewhere = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
            elsewhere.Start();
            options.Kafka.BootstrapServers = elsewhere.LocalEndpoint.ToString()!;
            await StartAsync(options, clientCertificate, clientKey, AcceptAsync(elsewhere, certificate, key, stop.Token), expectSuccess: false, stop);
            return;
        }

        await StartAsync(options, clientCertificate, clientKey, seen, expectSuccess: isTrusted, stop);
    }

    public void Dispose() => _authority.Dispose();

    private async Task StartAsync(SpanLogOptions options, string certificate, string key, Task<string> seen, bool expectSuccess, CancellationTokenSource stop)
    {
        foreach ((string name, string value) in ((string, string)[])
            [("security.protocol", "ssl"), ("ssl.ca.location", _authority.RootFile), ("ssl.certificate.location", certificate), ("ssl.key.location", key), ("ssl.endpoint.identification.algorithm", "https")])
        {
            options.Kafka.Client[name] = value;
        }

        Assert.Empty(options.Kafka.Validate(new(new object())));
        await using ISpanLog log = SpanLogFactory.Create(options, NullLoggerFactory.Instance, TimeProvider.System);
        Task start = log.StartAsync(stop.Token);
        string outcome = await seen.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(expectSuccess ? "CN=client asked" : "handshake failed", outcome);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => start.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None));
    }

    // The first connection that ends its handshake and asks something, or fails.
    private async Task<string> AcceptAsync(TcpListener listener, string certificate, string key, CancellationToken cancellation)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(cancellation);
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), null, offline: true),
                    ClientCertificateRequired = true,
                    CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _authority.Root }, RevocationMode = X509RevocationMode.NoCheck },
                },
                cancellation);
            return await stream.ReadAsync(new byte[1], cancellation) == 1 ? stream.RemoteCertificate!.Subject + " asked" : "handshake failed";
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return "handshake failed";
        }
    }

    private static IEnumerable<string?> Problems(string settings)
    {
        var options = new KafkaLogOptions();
        foreach (string[] pair in settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=')))
        {
            options.Client[pair[0]] = pair[1];
        }

        return options.Validate(new ValidationContext(options)).Select(p => p.ErrorMessage);
    }
}
