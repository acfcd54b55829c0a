namespace Telemetry.Judge.Ask;

/// <summary>How an endpoint is told in which form to answer.</summary>
public enum JudgeAnswerFormat
{
    /// <summary><c>response_format</c> of type <c>json_schema</c>, strict.</summary>
    JsonSchema,

    /// <summary><c>response_format</c> of type <c>json_object</c>.</summary>
    JsonObject,

    /// <summary>By the prompt alone.</summary>
    None,
}
