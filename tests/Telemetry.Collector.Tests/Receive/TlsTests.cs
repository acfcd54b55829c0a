using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Telemetry.Collector.Tests.Support;
using Telemetry.Hosting.Tls;
using Telemetry.TestKit;

namespace Telemetry.Collector.Tests.Receive;

/// <summary>Real handshakes on both ports.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly byte[] s_body = Payloads.Request(Payloads.GenAi(1, 1)).ToByteArray();

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new("another authority");

    [Fact]
    public async Task Spans_come_over_TLS_on_both_ports_and_nothing_comes_without()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(Server("server"));
        using HttpClient client = Client(_authority);
        Assert.Equal((HttpStatusCode.OK, "0"), (await PostAsync(client, collector.HttpUrl), await CallAsync(client, collector.GrpcUrl)));
        Assert.Equal(("https", "https"), (collector.HttpUrl.Scheme, collector.GrpcUrl.Scheme));
        Assert.Equal(2, collector.Log.Records.Count);
        using RawConnection plain = await RawConnection.OpenAsync(collector.HttpUrl);
        await plain.PostAsync(0);
        Assert.Empty(await plain.ReadToEndAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_client_that_trusts_another_authority_or_expects_another_name_refuses()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(Server("server"));
        using HttpClient stranger = Client(_other);
        Assert.IsType<AuthenticationException>((await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(stranger, collector.HttpUrl))).InnerException);
        using HttpClient misled = Client(_authority);
        Assert.IsType<AuthenticationException>((await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(misled, collector.HttpUrl, "collector.example"))).InnerException);
    }

    [Fact]
    public async Task Only_clients_with_a_certificate_of_the_authority_get_in_when_one_is_asked_for()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o =>
        {
            Server("server")(o);
            o.Tls.ClientCaFile = _authority.RootFile;
        });
        using HttpClient known = Client(_authority, _authority.Issue("client", isClient: true));
        Assert.Equal((HttpStatusCode.OK, "0"), (await PostAsync(known, collector.HttpUrl), await CallAsync(known, collector.GrpcUrl)));
        foreach ((string, string)? wrong in ((string, string)?[])[null, _other.Issue("client", isClient: true), _authority.Issue("old", isClient: true, ended: TimeSpan.FromDays(1)), _authority.Issue("no-client")])
        {
            using HttpClient client = Client(_authority, wrong);
            await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(client, collector.HttpUrl));
            await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync(client, collector.GrpcUrl));
        }

        Assert.Equal(2, collector.Log.Records.Count);
    }

    [Fact]
    public async Task A_new_certificate_counts_for_new_connections_and_open_ones_go_on()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(Server("server"));
        using HttpClient open = Client(_authority);
        await PostAsync(open, collector.HttpUrl);
        string before = await SerialAsync(collector.HttpUrl);
        _authority.Issue("server");
        await Eventually.HoldsAsync(() => SerialAsync(collector.HttpUrl).GetAwaiter().GetResult() != before, "the new certificate is shown");
        Assert.NotEqual(before, await SerialAsync(collector.GrpcUrl));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(open, collector.HttpUrl));

        // A file that is wrong is as if it had not been written.
        string now = await SerialAsync(collector.HttpUrl);
        _authority.Issue("server", ended: TimeSpan.FromHours(1));
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(_authority.RootFile)!, "server.key"), "no key");
        await Eventually.HoldsAsync(() => collector.TlsProblem is not null, "the wrong file is noticed");
        Assert.Equal(now, await SerialAsync(collector.HttpUrl));
        using HttpClient another = Client(_authority);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(another, collector.HttpUrl));
    }

    [Fact]
    public async Task What_cannot_be_used_keeps_the_Collector_from_starting_and_is_named()
    {
        string expired = await RefusalAsync(_authority.Issue("expired", ended: TimeSpan.FromDays(1)));
        Assert.Contains("CN=expired", expired, StringComparison.Ordinal);
        Assert.Contains("is valid from", expired, StringComparison.Ordinal);
        (string certificate, string key) = _authority.Issue("server");
        Assert.Contains("is no unencrypted PEM private key of the certificate", await RefusalAsync((certificate, _authority.Issue("other").Key)), StringComparison.Ordinal);
        Assert.Contains("holds no certificate", await RefusalAsync((key, key)), StringComparison.Ordinal);
        Assert.Contains("missing.pem", await RefusalAsync(("/nowhere/missing.pem", key)), StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", await RefusalAsync((certificate, certificate)), StringComparison.Ordinal);
    }

    [Theory]
#pragma warning disable SYSLIB0039, CA5397 // That these are refused is what is tested.
    [InlineData(SslProtocols.Tls)]
    [InlineData(SslProtocols.Tls11)]
#pragma warning restore SYSLIB0039, CA5397
    public async Task Old_versions_are_refused(SslProtocols version)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(Server("server"));
        await Assert.ThrowsAnyAsync<Exception>(() => SerialAsync(collector.HttpUrl, version));
        Assert.NotEmpty(await SerialAsync(collector.HttpUrl, SslProtocols.Tls12));
        Assert.NotEmpty(await SerialAsync(collector.HttpUrl, SslProtocols.Tls13));
    }

    [Fact]
    public async Task A_client_that_never_ends_its_handshake_is_let_go_and_others_go_on()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(Server("server"));
        using RawConnection silent = await RawConnection.OpenAsync(collector.HttpUrl);
        using HttpClient client = Client(_authority);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(client, collector.HttpUrl));
        Assert.Empty(await silent.ReadToEndAsync(TimeSpan.FromSeconds(40)));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    private static HttpClient Client(TestAuthority authority, (string Certificate, string Key)? own = null)
    {
        // A certificate whose time is over is shown all the same: the far side has to refuse it.
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { authority.Root } },
        };
        if (own is { } files)
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(files.Certificate, files.Key), null, offline: true);
        }

        return new HttpClient(new SocketsHttpHandler { SslOptions = tls }) { Timeout = TimeSpan.FromSeconds(30) };
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, Uri url, string? name = null)
    {
        using var content = new ByteArrayContent(s_body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/v1/traces")) { Content = content };

        // The name that is expected in the certificate.
        request.Headers.Host = name;
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<string> CallAsync(HttpClient client, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/opentelemetry.proto.collector.trace.v1.TraceService/Export"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(RunningCollector.Frame(s_body)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return response.TrailingHeaders.GetValues("grpc-status").Single();
    }

    private static async Task<string> SerialAsync(Uri url, SslProtocols versions = SslProtocols.None)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(socket.GetStream());
#pragma warning disable CA5359 // Looked at is which certificate is shown; whether it is trusted is tested elsewhere.
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = versions, RemoteCertificateValidationCallback = (_, _, _, _) => true }, TestContext.Current.CancellationToken);
#pragma warning restore CA5359
        return stream.RemoteCertificate!.GetSerialNumberString();
    }

    private static async Task<string> RefusalAsync((string Certificate, string Key) files) => (await Assert.ThrowsAsync<TlsException>(() => RunningCollector.StartAsync(o =>
    {
        o.Tls.CertificateFile = files.Certificate;
        o.Tls.KeyFile = files.Key;
    }))).Message;

    private Action<CollectorOptions> Server(string name) => options =>
    {
        (options.Tls.CertificateFile, options.Tls.KeyFile) = _authority.Issue(name);
        options.Tls.LookEvery = TimeSpan.FromMilliseconds(50);
    };
}
