using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;

namespace Telemetry.Processor.Normalize;

/// <summary>Finds the dialect that each span speaks, and says in one vocabulary what it means.</summary>
internal sealed class NormalizeStage(AttributeKeys keys) : IStage
{
    private readonly DialectList _dialects = new(keys);
    private readonly CallReader _reader = new(keys);

    /// <inheritdoc />
    public void Process(ReadOnlySpan<SpanItem> items)
    {
        foreach (SpanItem item in items)
        {
            Read(item);
        }
    }

    private void Read(SpanItem item)
    {
        FieldValues fields = _dialects.Fields;
        fields.Read(item.Span.Attributes);
        LlmCall call = item.Call;
        if (_dialects.Find(item.Span) is not { } dialect)
        {
            call.NotBilledBecause = NotBilled.UnknownConvention;
            return;
        }

        call.Convention = dialect.Name;
        call.Role = dialect.Read(item.Span, fields, call);
        _reader.Read(item.Span, fields, dialect, call);
        item.IsCall = call.Role is SpanRole.Call or SpanRole.ServerCall;
        if (!item.IsCall)
        {
            call.NotBilledBecause = call.Role == SpanRole.Wrapper ? NotBilled.Wrapper : NotBilled.NotACall;
        }
    }
}
