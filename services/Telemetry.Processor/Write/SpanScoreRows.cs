using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Events;
using Telemetry.Processor.Screen;

namespace Telemetry.Processor.Write;

/// <summary>
/// Rows for <c>llm_scores</c> from spans: one for each finding of screening on a call, of value 1 (what was not found has no row), and one for each judgement that
/// a span tells.
/// </summary>
internal sealed class SpanScoreRows
{
    private readonly ToldScores _told;
    private readonly SpanDimensions _dimensions;
    private readonly StringColumn _responseId = new("response_id");
    private readonly StringColumn _scoreId = new("score_id");
    private readonly LowCardinalityStringColumn _name = new("name");
    private readonly LowCardinalityStringColumn _source = new("source");
    private readonly StringColumn _author = new("author");
    private readonly NullableNumberColumn<double> _value = new("value");
    private readonly LowCardinalityStringColumn _label = new("label");
    private readonly StringColumn _explanation = new("explanation");

    private static ReadOnlySpan<byte> Rule => "rule"u8;

    public SpanScoreRows(AttributeKeys keys, ResourceKeys resourceKeys, int partition)
    {
        _told = new ToldScores(keys);
        _dimensions = new SpanDimensions(resourceKeys, partition);
        Block = new NativeBlock([.. _dimensions.Columns, _responseId, _scoreId, _name, _source, _author, _value, _label, _explanation]);
    }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Number of rows.</summary>
    public int Count => _label.Count;

    /// <summary>Calls back for every flag with the number of calls that screening found it on.</summary>
    public void ForEachFlag(Action<string, int> counted) => _name.ForEachCount(counted, _source, Rule);

    /// <summary>Appends the findings on one call.</summary>
    public void AppendFindings(SpanItem item)
    {
        foreach (ScreenHit hit in item.Call.Hits)
        {
            _dimensions.Append(item);
            _responseId.Append(item.Call.ResponseId.Span);
            _scoreId.Append(default);
            _name.AppendText(hit.Flag);
            _source.Append(Rule);
            _author.Append(default);
            _value.Append(1);
            _label.AppendText(hit.Evidence);
            _explanation.Append(default);
        }
    }

    /// <summary>Appends the judgements that one span tells, about itself or another.</summary>
    public void AppendTold(SpanItem item)
    {
        foreach (ToldScore score in _told.Read(item.Span))
        {
            _dimensions.Append(item, score.SpanId.Span);
            _responseId.Append(default);
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
