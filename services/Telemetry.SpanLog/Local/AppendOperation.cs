namespace Telemetry.SpanLog.Local;

/// <summary>One AppendAsync call: ends when every partition it wrote to has committed, or with the first failure.</summary>
internal sealed class AppendOperation
{
    private readonly TaskCompletionSource<AppendResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AppendFailure? _failure;
    private int _pending = 1;

    /// <summary>The outcome.</summary>
    public Task<AppendResult> Task => _done.Task;

    /// <summary>The first failure, if any.</summary>
    public AppendFailure? Failure => _failure;

    /// <summary>One more commit must end before the operation does.</summary>
    public void AddPending() => Interlocked.Increment(ref _pending);

    /// <summary>A commit has ended, or (once) the caller has handed over everything.</summary>
    public void Complete(AppendFailure? failure)
    {
        if (failure is not null)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }

        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _done.TrySetResult(_failure?.Result ?? AppendResult.Durable);
        }
    }
}

/// <summary>Why an append is not durable.</summary>
/// <param name="Metric">The reason's name in metrics.</param>
/// <param name="Result">The answer for the caller.</param>
internal sealed record AppendFailure(string Metric, AppendResult Result);
