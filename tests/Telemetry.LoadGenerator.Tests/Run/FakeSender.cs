using Telemetry.LoadGenerator.Send;

namespace Telemetry.LoadGenerator.Tests.Run;

/// <summary>Answers when it is told to.</summary>
internal sealed class FakeSender(Func<Body, Task<SendResult>> answer) : ISender
{
    private int _sent;

    public int Sent => Volatile.Read(ref _sent);

    public Task<SendResult> SendAsync(Body body, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _sent);
        return answer(body);
    }

    public void Dispose()
    {
    }
}
