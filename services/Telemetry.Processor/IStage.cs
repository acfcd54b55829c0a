using Telemetry.Processor.Decode;

namespace Telemetry.Processor;

/// <summary>One step that every span takes. Stages of a lane run one after the other on spans of the lane's own batch; they keep no state that another lane sees.</summary>
internal interface IStage
{
    /// <summary>Works on some spans of the batch, which come in their order and each once. Never throws because of what a span says.</summary>
    void Process(ReadOnlySpan<SpanItem> items);
}
