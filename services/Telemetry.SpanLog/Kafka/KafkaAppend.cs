using Confluent.Kafka;

namespace Telemetry.SpanLog.Kafka;

/// <summary>One AppendAsync call: one completion for all of its delivery reports.</summary>
internal sealed class KafkaAppend
{
    private readonly TaskCompletionSource<Error?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Error? _error;
    private int _pending = 1;

    public KafkaAppend() => Report = OnReport;

    /// <summary>Given to every Produce call of the append.</summary>
    public Action<DeliveryReport<Null, ReadOnlyMemory<byte>>> Report { get; }

    /// <summary>Null when every record was acknowledged, otherwise the first error.</summary>
    public Task<Error?> Task => _done.Task;

    public void AddPending() => Interlocked.Increment(ref _pending);

    public void Complete(Error? error)
    {
        if (error is not null)
        {
            Interlocked.CompareExchange(ref _error, error, null);
        }

        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _done.TrySetResult(_error);
        }
    }

    private void OnReport(DeliveryReport<Null, ReadOnlyMemory<byte>> report) =>
        Complete(report.Error.IsError ? report.Error
            : report.Status == PersistenceStatus.Persisted ? null
            : new Error(ErrorCode.Local_MsgTimedOut, "the broker did not acknowledge the record"));
}
