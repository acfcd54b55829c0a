using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Telemetry.EndToEnd.Tests.Processes;

/// <summary>What happens on the way to a server.</summary>
internal enum Way
{
    /// <summary>Everything gets through.</summary>
    Open,

    /// <summary>Nobody listens, and what was connected is broken off.</summary>
    Away,

    /// <summary>Connections are taken, and nothing ever comes back.</summary>
    Silent,

    /// <summary>Every piece takes its time.</summary>
    Slow,
}

/// <summary>Stands between a process and a server, on one port of its own, and lets through what it is told to.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private static readonly TimeSpan SlowPause = TimeSpan.FromMilliseconds(300);

    private readonly Func<Uri> _target;
    private readonly IPEndPoint _address;
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;
    private volatile Way _way;

    /// <summary>A proxy whose target is asked for with each connection; it need not be there before.</summary>
    public FaultyProxy(Func<Uri> target, Way way = Way.Open)
    {
        _target = target;
        _listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        _address = (IPEndPoint)_listener.LocalEndPoint!;
        Set(way);
    }

    public Uri Url => new($"http://127.0.0.1:{_address.Port}");

    /// <summary>From now on this happens; connections that were made before are broken off.</summary>
    public void Set(Way way)
    {
        _way = way;
        foreach (Socket socket in _open.Keys)
        {
            Close(socket);
        }

        if (way == Way.Away)
        {
            _listener?.Dispose();
            _listener = null;
        }
        else
        {
            _listener ??= Listen(_address);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Set(Way.Away);
        _stop.Dispose();
    }

    private Socket Listen(IPEndPoint address)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(address);
        listener.Listen();
        _ = AcceptAsync(listener);
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket near = await listener.AcceptAsync();
                _open[near] = true;
                _ = ServeAsync(near);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Away.
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _open[far] = true;
        try
        {
            if (_way == Way.Silent)
            {
                await CopyAsync(near, null);
                return;
            }

            await far.ConnectAsync(IPAddress.Loopback, _target().Port, _stop.Token);
            await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Broken off.
        }
        finally
        {
            Close(near);
            Close(far);
        }
    }

    private async Task CopyAsync(Socket from, Socket? to)
    {
        byte[] buffer = new byte[64 << 10];
        while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and int read)
        {
            if (_way == Way.Slow)
            {
                await Task.Delay(SlowPause, _stop.Token);
            }

            if (to is not null)
            {
                await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
    }

    private void Close(Socket socket)
    {
        _open.TryRemove(socket, out _);
        socket.Dispose();
    }
}
