using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemetry.Hosting.Http;

namespace Telemetry.Hosting.Tests.Http;

/// <summary>Tries to lead a request to a receiver into the own network.</summary>
public sealed class GuardedHttpTests : IDisposable
{
    private const string Hint = "AllowPrivate would allow it";

    private readonly TcpListener _inside = new(IPAddress.Loopback, 0);

    public GuardedHttpTests() => _inside.Start();

    private int Port => ((IPEndPoint)_inside.LocalEndpoint).Port;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    [InlineData("LOCALHOST")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("017700000001")]
    [InlineData("127.0.0.1.")]
    [InlineData("0.0.0.0")]
    [InlineData("0")]
    [InlineData("[::1]")]
    [InlineData("[::]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[::ffff:0:127.0.0.1]")]
    [InlineData("１２７.0.0.1")]
    [InlineData("①②⑦.⓪.⓪.①")]
    [InlineData("user:password@127.0.0.1")]
    public async Task No_spelling_of_this_machine_is_connected_to(string host)
    {
        using HttpClient client = GuardedHttp.Create(allowPrivate: false, Hint, 1024);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync(new Uri($"http://{host}:{Port}/secret"), limit.Token));
        Assert.True(refused is HttpRequestException or UriFormatException, refused.ToString());
        Assert.False(_inside.Pending());
    }

    [Theory]
    [InlineData("8.8.8.8", false)]
    [InlineData("2606:4700:4700::1111", false)]
    [InlineData("64:ff9b::808:808", false)]
    [InlineData("2002:808:808::", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("192.0.0.1", true)]
    [InlineData("192.88.99.1", true)]
    [InlineData("198.18.0.1", true)]
    [InlineData("224.0.0.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fc00::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("ff02::1", true)]
    [InlineData("fec0::1", true)]
    [InlineData("2001::1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("3fff::1", true)]
    [InlineData("100::1", true)]
    [InlineData("64:ff9b::a00:1", true)]
    [InlineData("64:ff9b:1::1", true)]
    [InlineData("2002:a9fe:a9fe::", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("5f00::1", true)]
    public void Private_and_special_networks_are_known(string address, bool isPrivate) => Assert.Equal(isPrivate, GuardedHttp.IsPrivate(IPAddress.Parse(address)));

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        using HttpClient client = GuardedHttp.Create(allowPrivate: true, Hint, 1024);
        Task<HttpResponseMessage> answer = client.GetAsync(new Uri($"http://127.0.0.1:{Port}/"), TestContext.Current.CancellationToken);
        using (Socket first = await _inside.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
            await first.ReceiveAsync(new byte[4096], TestContext.Current.CancellationToken);
            await first.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{Port}/secret\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Redirect, (await answer).StatusCode);
        }

        Assert.False(_inside.Pending());
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        using HttpClient client = GuardedHttp.Create(allowPrivate: true, Hint, 1024);
        Task<HttpResponseMessage> answer = client.GetAsync(new Uri($"http://127.0.0.1:{Port}/"), TestContext.Current.CancellationToken);
        using Socket socket = await _inside.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await socket.ReceiveAsync(new byte[4096], TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n" + new string('x', 4096)), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task The_refusal_says_what_would_allow_it()
    {
        using HttpClient client = GuardedHttp.Create(allowPrivate: false, Hint, 1024);
        string message = (await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://127.0.0.1:{Port}/"), TestContext.Current.CancellationToken))).Message;
        Assert.Contains(Hint, message, StringComparison.Ordinal);
    }

    public void Dispose() => _inside.Dispose();
}
