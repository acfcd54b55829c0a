using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Screen;

namespace Telemetry.Processor.Write;

/// <summary>Rows for <c>llm_scores</c> from screening: one for each finding on a call, of value 1. What was not found has no row.</summary>
internal sealed class RuleScoreRows
{
    private readonly SpanDimensions _dimensions;
    private readonly StringColumn _responseId = new("response_id");
    private readonly LowCardinalityStringColumn _name = new("name");
    private readonly LowCardinalityStringColumn _source = new("source");
    private readonly NullableNumberColumn<double> _value = new("value");
    private readonly LowCardinalityStringColumn _label = new("label");

    public RuleScoreRows(ResourceKeys keys, int partition)
    {
        _dimensions = new SpanDimensions(keys, partition);
        Block = new NativeBlock([.. _dimensions.Columns, _responseId, _name, _source, _value, _label]);
    }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Number of rows.</summary>
    public int Count => _label.Count;

    /// <summary>Calls back for every flag with the number of calls that have it.</summary>
    public void ForEachFlag(Action<string, int> counted) => _name.ForEachCount(counted);

    /// <summary>Appends the findings on one call.</summary>
    public void Append(SpanItem item)
    {
        foreach (ScreenHit hit in item.Call.Hits)
        {
            _dimensions.Append(item);
            _responseId.Append(item.Call.ResponseId.Span);
            _name.AppendText(hit.Flag);
            _source.Append("rule"u8);
            _value.Append(1);
            _label.AppendText(hit.Evidence);
        }
    }
}
