namespace Telemetry.SpanLog.Tests.Contract;

/// <summary>What the contract suite needs from a log under test.</summary>
public interface ILogFixture : IAsyncDisposable
{
    /// <summary>Makes a new log object over the same data, not started.</summary>
    ISpanLog Create(Action<SpanLogOptions>? configure = null);
}
