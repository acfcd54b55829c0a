using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Events;

namespace Telemetry.Processor.Write;

/// <summary>Rows for <c>llm_scores</c> from spans that tell judgements: one for each.</summary>
internal sealed class ToldScoreRows
{
    private readonly ToldScores _told;
    private readonly SpanDimensions _dimensions;
    private readonly StringColumn _scoreId = new("score_id");
    private readonly LowCardinalityStringColumn _name = new("name");
    private readonly LowCardinalityStringColumn _source = new("source");
    private readonly StringColumn _author = new("author");
    private readonly NullableNumberColumn<double> _value = new("value");
    private readonly LowCardinalityStringColumn _label = new("label");
    private readonly StringColumn _explanation = new("explanation");

    public ToldScoreRows(AttributeKeys keys, ResourceKeys resourceKeys, int partition)
    {
        _told = new ToldScores(keys);
        _dimensions = new SpanDimensions(resourceKeys, partition);
        Block = new NativeBlock([.. _dimensions.Columns, _scoreId, _name, _source, _author, _value, _label, _explanation]);
    }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Number of rows.</summary>
    public int Count => _label.Count;

    /// <summary>Appends the judgements that one span tells, about itself or another.</summary>
    public void Append(SpanItem item)
    {
        foreach (ToldScore score in _told.Read(item.Span))
        {
            _dimensions.Append(item, score.SpanId.Span);
            _scoreId.Append(score.Id);
            _name.Append(score.Name.Span);
            _source.Append(score.IsHuman ? "human"u8 : "event"u8);
            _author.Append(score.Author.Span);
            _value.Append(score.Value);
            _label.Append(score.Label.Span);
            _explanation.Append(score.Explanation.Span);
        }
    }
}
