using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Tests.Dialects;

/// <summary>Decodes records and reads what their spans mean, by themselves: which of them are billed, counted and priced comes after.</summary>
internal sealed class Reading
{
    private readonly SpanBatch _batch;
    private readonly SpanDecoder _decoder;
    private readonly NormalizeStage _stage;

    public Reading()
    {
        var keys = new AttributeKeys();
        _batch = new SpanBatch(keys);
        _decoder = new SpanDecoder(_batch);
        _stage = new NormalizeStage(keys);
    }

    /// <summary>The spans of a record.</summary>
    public SpanItem[] Read(byte[] record)
    {
        Decode(record);
        Normalize();
        return _batch.Items.ToArray();
    }

    /// <summary>The first half of reading.</summary>
    public void Decode(byte[] record)
    {
        _batch.Clear();
        Assert.Null(_decoder.Decode(record, offset: 1));
    }

    /// <summary>The second half.</summary>
    public void Normalize() => _stage.Process(_batch.Items);
}
