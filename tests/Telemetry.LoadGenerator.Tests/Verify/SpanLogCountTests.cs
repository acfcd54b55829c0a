using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Contracts.Spans;
using Telemetry.LoadGenerator.Payload;
using Telemetry.LoadGenerator.Run;
using Telemetry.LoadGenerator.Send;
using Telemetry.LoadGenerator.Verify;
using Telemetry.SpanLog;
using Telemetry.TestKit;

namespace Telemetry.LoadGenerator.Tests.Verify;

/// <summary>What is lost, double or misplaced in a span log is seen.</summary>
public sealed class SpanLogCountTests : IDisposable
{
    private const int Partitions = 4;
    private readonly TemporaryDirectory _directory = new();
    private readonly RunIds _ids = new();
    private readonly RequestLedger _ledger = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task All_there_once_is_right()
    {
        VerificationResult result = await CountAsync(0, [0, 1, 2]);
        Assert.Equal((30, 0, 0, 0), (result.Expected, result.Missing, result.Double, result.Wrong));
        Assert.True(result.IsRight);
    }

    [Fact]
    public async Task A_lost_and_a_double_request_are_seen()
    {
        VerificationResult result = await CountAsync(0, [0, 1, 1]);
        Assert.Equal((30, 10, 10, 0), (result.Expected, result.Missing, result.Double, result.Wrong));
        Assert.False(result.IsRight);
    }

    [Fact]
    public async Task A_trace_in_another_partition_is_seen()
    {
        VerificationResult result = await CountAsync(1, [0, 1, 2]);
        Assert.Equal(30, result.Wrong);
        Assert.False(result.IsRight);
    }

    // Three requests of one trace of ten spans are acknowledged, those given are written.
    private async Task<VerificationResult> CountAsync(int shift, long[] written)
    {
        var options = new SpanLogOptions { Path = _directory.Path, Partitions = Partitions };
        var factory = new PayloadFactory(new PayloadSettings { Spans = 10 }, _ids, TimeProvider.System);
        await using (ISpanLog log = SpanLogFactory.Create(options, NullLoggerFactory.Instance, TimeProvider.System))
        {
            await log.StartAsync(TestContext.Current.CancellationToken);
            foreach (long request in written)
            {
                byte[] body = new byte[factory.MaxLength];
                int length = factory.Fill(body, request);
                int partition = (TracePartitioner.PartitionOf(Trace(request), Partitions) + shift) % Partitions;
                await log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(partition, body.AsMemory(0, length)) }, TestContext.Current.CancellationToken);
            }
        }

        for (long request = 0; request < 3; request++)
        {
            _ledger.Note(request, SendOutcome.Acknowledged);
        }

        return await new SpanLogCount(_ids, _ledger, factory.Spans, requests: 3, quiet: TimeSpan.FromSeconds(1)).RunAsync(options, TestContext.Current.CancellationToken);
    }

    private byte[] Trace(long number)
    {
        (ulong high, ulong low) = _ids.Trace(number);
        byte[] trace = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(trace, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(trace.AsSpan(8), low);
        return trace;
    }
}
