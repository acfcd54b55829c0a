using System.Collections.Concurrent;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Receive;
using Telemetry.SpanLog;

namespace Telemetry.Collector.Publish;

/// <summary>Takes the raw bytes of one export request through admission into the span log; answers when the log has them durably.</summary>
internal sealed class ExportHandler(CollectorOptions options, ISpanLog log) : IDisposable
{
    private const int LargestKeptBuilder = 4 << 20;

    private readonly ConcurrentBag<Work> _idle = [];

    /// <summary>Handles a request of uncompressed protobuf bytes, which must not change before the task ends.</summary>
    public async Task<ExportOutcome> HandleAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        string topic = signal == Signal.Traces ? SpanLogTopics.Spans : SpanLogTopics.Logs;
        int partitions = log.PartitionCount(topic);
        Work work = _idle.TryTake(out Work? idle) && idle.Partitions == partitions
            ? idle
            : new Work(new Admission(options.Limits, options.KeepAllSpans, partitions), new RecordBuilder(), partitions);
        try
        {
            return await HandleAsync(work, signal, topic, request, cancellation);
        }
        finally
        {
            if (work.Builder.Length <= LargestKeptBuilder)
            {
                _idle.Add(work);
            }
            else
            {
                work.Builder.Dispose();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        while (_idle.TryTake(out Work? work))
        {
            work.Builder.Dispose();
        }
    }

    private async Task<ExportOutcome> HandleAsync(Work work, Signal signal, string topic, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        Admission admission = work.Admission;
        if (!admission.TryRead(signal, request.Span))
        {
            return new ExportOutcome(OutcomeKind.Invalid, admission.Malformed);
        }

        ReadOnlyMemory<SpanLogAppend> records = work.Builder.Build(admission, request.Span, work.Partitions, log.MaxRecordBytes);
        if (records.Length > 0)
        {
            AppendResult appended = await AppendAsync(topic, records, cancellation);
            if (appended.Status != AppendStatus.Durable)
            {
                return new ExportOutcome(
                    appended.Status == AppendStatus.Retry ? OutcomeKind.Unavailable : OutcomeKind.TooLarge,
                    appended.Reason,
                    RetryAfter: appended.RetryAfter);
            }
        }

        int accepted = admission.ItemCount - Math.Max(0, admission.Rejected - admission.RejectedBeforePublish);
        CollectorMetrics.Items(signal == Signal.Traces ? "traces" : "logs", accepted, admission.LetGo, admission.Rejected, admission.RejectionReason);
        return new ExportOutcome(OutcomeKind.Accepted, admission.RejectedBecause, admission.Rejected);
    }

    private async ValueTask<AppendResult> AppendAsync(string topic, ReadOnlyMemory<SpanLogAppend> records, CancellationToken cancellation)
    {
        // A log that does not answer must not hold the client's connection and our memory for ever.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.Limits.AppendTimeout);
        try
        {
            return await log.AppendAsync(topic, records, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return AppendResult.Retry($"the span log did not answer within {options.Limits.AppendTimeout}", options.Limits.RetryAfter);
        }
    }

    private sealed record Work(Admission Admission, RecordBuilder Builder, int Partitions);
}
