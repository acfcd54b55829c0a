using Telemetry.Processor.Decode;

namespace Telemetry.Processor;

/// <summary>One step that every span takes. Stages of a lane run one after the other on the lane's own batch; they keep no state that another lane sees.</summary>
internal interface IStage
{
    /// <summary>Works on all spans of the batch. Never throws because of what a span says.</summary>
    void Process(SpanBatch batch);
}
