using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Write;

/// <summary>The columns that calls and other spans have in common: who, where, when, and where in the log.</summary>
internal sealed class SpanDimensions(ResourceKeys keys, int partition)
{
    private readonly DateTime64Column _ts = new("ts", 9);
    private readonly StringColumn _traceId = new("trace_id");
    private readonly StringColumn _spanId = new("span_id");
    private readonly LowCardinalityStringColumn _tenant = new("tenant");
    private readonly LowCardinalityStringColumn _service = new("service");
    private readonly NumberColumn<int> _logPartition = new("log_partition");
    private readonly NumberColumn<long> _logOffset = new("log_offset");

    /// <summary>The columns.</summary>
    public IEnumerable<NativeColumn> Columns => [_ts, _traceId, _spanId, _tenant, _service, _logPartition, _logOffset];

    /// <summary>Appends one row.</summary>
    public void Append(SpanItem item) => Append(item, item.Span.SpanId.Span);

    /// <summary>Appends one row about another span of the same trace, or about the trace.</summary>
    public void Append(SpanItem item, ReadOnlySpan<byte> spanId)
    {
        _ts.Append(item.Call.StartNanoseconds);
        _traceId.AppendHex(item.Span.TraceId.Span);
        _spanId.AppendHex(spanId);
        _tenant.Append(item.Span.Tenant.Span);
        _service.Append(item.Span.Resource[keys.Service].Text);
        _logPartition.Append(partition);
        _logOffset.Append(item.Span.LogOffset);
    }
}

/// <summary>The resource attributes that become columns.</summary>
internal sealed class ResourceKeys(AttributeKeys keys)
{
    private readonly AttributeKey _environment = keys.Add("deployment.environment.name");
    private readonly AttributeKey _olderEnvironment = keys.Add("deployment.environment");

    /// <summary>service.name.</summary>
    public AttributeKey Service { get; } = keys.Add("service.name");

    /// <summary>deployment.environment.name, or its older name.</summary>
    public ReadOnlySpan<byte> Environment(AttributeSet resource) =>
        resource[_environment].Text is { Length: > 0 } text ? text : resource[_olderEnvironment].Text;
}
