using Telemetry.Contracts.Spans;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Events;

/// <summary>The attributes of events that are read.</summary>
internal sealed class EventKeys(AttributeKeys keys)
{
    /// <summary>The event's name, from emitters older than <c>LogRecord.event_name</c>.</summary>
    public AttributeKey Name { get; } = keys.Add("event.name");

    /// <summary>System instructions.</summary>
    public AttributeKey SystemInstructions { get; } = keys.Add("gen_ai.system_instructions");

    /// <summary>Messages to the model.</summary>
    public AttributeKey InputMessages { get; } = keys.Add("gen_ai.input.messages");

    /// <summary>Messages from the model.</summary>
    public AttributeKey OutputMessages { get; } = keys.Add("gen_ai.output.messages");

    /// <summary>Tools offered.</summary>
    public AttributeKey ToolDefinitions { get; } = keys.Add("gen_ai.tool.definitions");

    /// <summary>A message as JSON, from emitters that do not use the body.</summary>
    public AttributeKey Content { get; } = keys.Add("gen_ai.event.content");

    /// <summary>What was judged.</summary>
    public AttributeKey EvaluationName { get; } = keys.Add("gen_ai.evaluation.name");

    /// <summary>The score.</summary>
    public AttributeKey EvaluationValue { get; } = keys.Add("gen_ai.evaluation.score.value");

    /// <summary>The score in words.</summary>
    public AttributeKey EvaluationLabel { get; } = keys.Add("gen_ai.evaluation.score.label");

    /// <summary>Why.</summary>
    public AttributeKey EvaluationExplanation { get; } = keys.Add("gen_ai.evaluation.explanation");

    /// <summary>The response that was judged.</summary>
    public AttributeKey ResponseId { get; } = keys.Add("gen_ai.response.id");

    /// <summary>Why there is no score.</summary>
    public AttributeKey ErrorType { get; } = keys.Add("error.type");

    /// <summary>Id of the score.</summary>
    public AttributeKey ScoreId { get; } = keys.Add(ScoreAttributes.Id);

    /// <summary>Who made the score: user or human.</summary>
    public AttributeKey ScoreSource { get; } = keys.Add(ScoreAttributes.Source);

    /// <summary>Whose opinion it is.</summary>
    public AttributeKey User { get; } = keys.Add("user.id");
}
