using System.Collections.Concurrent;
using System.Text;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Authenticate;
using Telemetry.Collector.Receive;
using Telemetry.Collector.Redact;
using Telemetry.SpanLog;

namespace Telemetry.Collector.Publish;

/// <summary>Takes the raw bytes of one export request through admission into the span log; answers when the log has them durably.</summary>
internal sealed class ExportHandler(CollectorOptions options, ISpanLog log, InFlightBudget budget) : IDisposable
{
    // A burst must not leave as many buffers behind as it had requests.
    private const int MaxIdleBytes = 64 << 20;
    private const int LargestIdleBuilder = 4 << 20;

    private readonly RedactPolicies _policies = new(options.Redact);
    private readonly ConcurrentBag<Work> _idle = [];
    private long _idleBytes;

    /// <summary>Handles a request of uncompressed protobuf bytes, which must not change before the task ends.</summary>
    public async Task<ExportOutcome> HandleAsync(TenantState tenant, Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        string topic = signal == Signal.Traces ? SpanLogTopics.Spans : SpanLogTopics.Logs;
        int partitions = log.PartitionCount(topic);
        Work work = Rent(partitions);
        try
        {
            return await HandleAsync(work, tenant, signal, topic, request, cancellation);
        }
        finally
        {
            Return(work);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        while (_idle.TryTake(out Work? work))
        {
            work.Dispose();
        }
    }

    private Work Rent(int partitions)
    {
        if (_idle.TryTake(out Work? idle))
        {
            Interlocked.Add(ref _idleBytes, -idle.Capacity);
            if (idle.Partitions == partitions)
            {
                return idle;
            }

            idle.Dispose();
        }

        return new Work(new Admission(options.Limits, options.KeepAllSpans, partitions), new RecordBuilder(), new Redactor(_policies.Key), partitions);
    }

    private void Return(Work work)
    {
        int capacity = work.Capacity;
        if (capacity <= LargestIdleBuilder && Interlocked.Add(ref _idleBytes, capacity) <= MaxIdleBytes)
        {
            _idle.Add(work);
            return;
        }

        if (capacity <= LargestIdleBuilder)
        {
            Interlocked.Add(ref _idleBytes, -capacity);
        }

        work.Dispose();
    }

    private async Task<ExportOutcome> HandleAsync(Work work, TenantState tenant, Signal signal, string topic, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        Admission admission = work.Admission;
        if (!admission.TryRead(signal, request.Span))
        {
            return new ExportOutcome(OutcomeKind.Invalid, admission.Malformed);
        }

        tenant.Charge(admission.ItemCount + admission.LetGo + admission.Rejected, request.Length);
        if (admission.ClaimedTenant.Length > 0 && !admission.ClaimedTenant.Of(request.Span).SequenceEqual(Encoding.UTF8.GetBytes(tenant.Name)))
        {
            // A record of the span log, such as a dead letter, that is sent again with another tenant's key.
            return new ExportOutcome(OutcomeKind.Forbidden, $"the request says that it is of another tenant than \"{tenant.Name}\", whose key it came with");
        }

        work.Redactor.Clear();
        if (_policies.Of(tenant.Name) is { } policy)
        {
            work.Redactor.Redact(admission, signal, request.Span, policy);
        }

        ReadOnlyMemory<SpanLogAppend> records = work.Builder.Build(admission, request.Span, work.Partitions, log.MaxRecordBytes, work.Redactor.Written, tenant.NameInRecord);
        if (records.Length > 0)
        {
            AppendResult appended = await AppendWithinBudgetAsync(topic, records, work.Builder.Length + work.Redactor.Written.Length, cancellation);
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

    private async ValueTask<AppendResult> AppendWithinBudgetAsync(string topic, ReadOnlyMemory<SpanLogAppend> records, int bytes, CancellationToken cancellation)
    {
        budget.Take(bytes);
        try
        {
            return await AppendAsync(topic, records, cancellation);
        }
        finally
        {
            budget.Return(bytes);
        }
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

    private sealed record Work(Admission Admission, RecordBuilder Builder, Redactor Redactor, int Partitions) : IDisposable
    {
        public int Capacity => Builder.Capacity + Redactor.Capacity;

        public void Dispose()
        {
            Builder.Dispose();
            Redactor.Dispose();
        }
    }
}
