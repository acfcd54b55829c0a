using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Write;

namespace Telemetry.Processor.Events;

/// <summary>Rows for <c>llm_scores</c> from <c>gen_ai.evaluation.result</c> events.</summary>
internal sealed class ScoreRows
{
    private const int LongestExplanation = 16 * 1024;
    private const int LongestAuthor = 256;

    private readonly EventKeys _keys;
    private readonly SpanDimensions _dimensions;
    private readonly StringColumn _responseId = new("response_id");
    private readonly LowCardinalityStringColumn _name = new("name");
    private readonly LowCardinalityStringColumn _source = new("source");
    private readonly NullableNumberColumn<double> _value = new("value");
    private readonly LowCardinalityStringColumn _label = new("label");
    private readonly StringColumn _explanation = new("explanation");
    private readonly LowCardinalityStringColumn _errorType = new("error_type");
    private readonly StringColumn _scoreId = new("score_id");
    private readonly StringColumn _author = new("author");

    public ScoreRows(EventKeys keys, ResourceKeys resourceKeys, int partition)
    {
        _keys = keys;
        _dimensions = new SpanDimensions(resourceKeys, partition);
        Block = new NativeBlock([.. _dimensions.Columns, _responseId, _name, _source, _value, _label, _explanation, _errorType, _scoreId, _author]);
    }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Appends one judgement; a score that is no finite number is none.</summary>
    public void Append(SpanItem item)
    {
        AttributeSet a = item.Span.Attributes;
        _dimensions.Append(item);
        _responseId.Append(a[_keys.ResponseId].Text);
        _name.Append(a[_keys.EvaluationName].Text);
        _source.Append(SourceOf(a[_keys.ScoreSource].Text));
        _value.Append(a[_keys.EvaluationValue].TryGetNumber(out double value) ? value : null);
        _label.Append(a[_keys.EvaluationLabel].Text);
        ReadOnlySpan<byte> explanation = a[_keys.EvaluationExplanation].Text;
        _explanation.Append(explanation[..Math.Min(explanation.Length, LongestExplanation)]);
        _errorType.Append(a[_keys.ErrorType].Text);
        Span<byte> id = stackalloc byte[ScoreId.Longest];
        _scoreId.Append(id[..ScoreId.Write(item, _keys, id)]);
        ReadOnlySpan<byte> author = a[_keys.User].Text;
        _author.Append(author[..Math.Min(author.Length, LongestAuthor)]);
    }

    private static ReadOnlySpan<byte> SourceOf(ReadOnlySpan<byte> told) => told.SequenceEqual("user"u8) || told.SequenceEqual("human"u8) ? told : "event"u8;
}
