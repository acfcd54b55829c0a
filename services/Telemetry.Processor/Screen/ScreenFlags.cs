using Telemetry.Screening;

namespace Telemetry.Processor.Screen;

/// <summary>What screening can find; values of the column <c>flags</c> and names of rule scores.</summary>
internal static class ScreenFlags
{
    private const string PiiPrefix = "pii_";

    /// <summary>The model or its provider declined.</summary>
    public const string Refusal = "refusal";

    /// <summary>The answer says nothing and calls no tool.</summary>
    public const string Empty = "empty_answer";

    /// <summary>A limit on tokens cut the answer off.</summary>
    public const string Truncated = "truncated";

    /// <summary>The provider's filter stopped the answer.</summary>
    public const string ContentFilter = "content_filter";

    /// <summary>JSON was asked for, and the answer is none.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>The answer is JSON, but not of the schema that was asked for.</summary>
    public const string SchemaMismatch = "schema_mismatch";

    /// <summary>Arguments of a tool call are no JSON object.</summary>
    public const string InvalidToolArguments = "invalid_tool_arguments";

    /// <summary>A required argument of a tool call is not there.</summary>
    public const string MissingToolArguments = "missing_tool_arguments";

    /// <summary>A tool was called that was not offered.</summary>
    public const string UnknownTool = "unknown_tool";

    /// <summary>The answer ends by saying the same again and again.</summary>
    public const string Repetition = "repeated_output";

    /// <summary>The answer is in another language than the question.</summary>
    public const string Language = "language_switch";

    /// <summary>The prompt tries to turn the model against its instructions.</summary>
    public const string Injection = "prompt_injection";

    /// <summary>Personal or secret data in the prompt, by kind.</summary>
    public static string[] InPrompt { get; } = [.. PiiNames.All.Select(n => PiiPrefix + "prompt_" + n)];

    /// <summary>Personal or secret data in the answer, by kind.</summary>
    public static string[] InAnswer { get; } = [.. PiiNames.All.Select(n => PiiPrefix + "answer_" + n)];

    /// <summary>
    /// Whether somebody will want to see what was said: a call flagged for anything but the personal data in it, which is no reason to keep that data longer.
    /// </summary>
    public static bool CallForContent(List<ScreenHit> hits)
    {
        foreach (ScreenHit hit in hits)
        {
            if (!hit.Flag.StartsWith(PiiPrefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All of them.</summary>
    public static IEnumerable<string> All =>
    [
        Refusal, Empty, Truncated, ContentFilter, InvalidJson, SchemaMismatch, InvalidToolArguments, MissingToolArguments, UnknownTool, Repetition, Language, Injection,
        .. InPrompt, .. InAnswer,
    ];
}
