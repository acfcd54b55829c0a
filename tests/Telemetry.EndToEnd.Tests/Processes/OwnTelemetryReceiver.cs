using System.Net;
using System.Text;

namespace Telemetry.EndToEnd.Tests.Processes;

/// <summary>Takes what services say of themselves over OTLP, and keeps the bytes of it.</summary>
internal sealed class OwnTelemetryReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly MemoryStream _bodies = new();
    private readonly Task _work;

    private OwnTelemetryReceiver(int port)
    {
        Url = new Uri($"http://127.0.0.1:{port}/");
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _work = ReceiveAsync();
    }

    public Uri Url { get; }

    public long Bytes
    {
        get
        {
            lock (_bodies)
            {
                return _bodies.Length;
            }
        }
    }

    /// <summary>All bodies as text, as far as they are text.</summary>
    public string Text
    {
        get
        {
            lock (_bodies)
            {
                return Encoding.Latin1.GetString(_bodies.ToArray());
            }
        }
    }

    public static OwnTelemetryReceiver Start()
    {
        using var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        return new OwnTelemetryReceiver(port);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _work;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                lock (_bodies)
                {
                    body.WriteTo(_bodies);
                }

                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
