using System.Text.Json;
using Telemetry.Judge.Rubrics;

namespace Telemetry.Judge.Ask;

/// <summary>The only form in which a judge may answer, as JSON schema for the endpoint and as check of what came. A score comes from here or not at all.</summary>
internal static class AnswerSchema
{
    /// <summary>Longest answer that is looked at, in characters.</summary>
    public const int LongestAnswer = 64 * 1024;

    private const int LongestExplanation = 4000;
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, AllowTrailingCommas = false, CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 4 };

    private static readonly string[] s_winners = ["first", "second", "tie"];

    /// <summary>Schema of a pairwise answer.</summary>
    public static string OfPair { get; } = Schema("winner", "string", string.Join(", ", s_winners.Select(w => $"\"{w}\"")));

    /// <summary>Schema of a score: one of the rubric's levels.</summary>
    public static string OfScore(Rubric rubric) => Schema("score", "integer", string.Join(", ", rubric.Levels.Select(l => l.Score)));

    /// <summary>Reads a score; what is wrong is told by <paramref name="problem"/>.</summary>
    public static (RubricLevel Level, string Explanation)? ReadScore(string answer, Rubric rubric, out string problem)
    {
        int score = 0;
        string? explanation = Read(
            answer, "score", v => v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out score) && rubric.Levels.Any(l => l.Score == score),
            "one of " + string.Join(", ", rubric.Levels.Select(l => l.Score)), out problem);
        return explanation is null ? null : (rubric.Levels.First(l => l.Score == score), explanation);
    }

    /// <summary>Reads a preference: -1 for the first, 1 for the second, 0 for a tie.</summary>
    public static (int Winner, string Explanation)? ReadPair(string answer, out string problem)
    {
        string winner = "";
        string? explanation = Read(
            answer, "winner", v => v.ValueKind == JsonValueKind.String && s_winners.Contains(winner = v.GetString()!, StringComparer.Ordinal), "first, second or tie", out problem);
        return explanation is null ? null : (winner switch { "first" => -1, "second" => 1, _ => 0 }, explanation);
    }

    private static string? Read(string answer, string field, Func<JsonElement, bool> isAllowed, string allowed, out string problem)
    {
        if (answer.Length > LongestAnswer)
        {
            problem = "it is too long";
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(answer, s_strict);
            problem = document.RootElement.ValueKind != JsonValueKind.Object ? "it is no JSON object" : Problem(document.RootElement, field, isAllowed, allowed);
            return problem.Length > 0 ? null : BoundedText.Head(document.RootElement.GetProperty("explanation").GetString()!, LongestExplanation);
        }
        catch (JsonException)
        {
            problem = "it is not one JSON object alone";
            return null;
        }
        catch (InvalidOperationException)
        {
            problem = "a text in it is not valid Unicode";
            return null;
        }
    }

    private static string Problem(JsonElement answer, string field, Func<JsonElement, bool> isAllowed, string allowed)
    {
        if (answer.EnumerateObject().Any(p => p.Name != "explanation" && p.Name != field))
        {
            return $"only explanation and {field} are allowed in it";
        }

        if (!answer.TryGetProperty("explanation", out JsonElement explanation) || explanation.ValueKind != JsonValueKind.String)
        {
            return "explanation must be there, as a text";
        }

        return answer.TryGetProperty(field, out JsonElement value) && isAllowed(value) ? "" : $"{field} must be there, as {allowed}";
    }

    private static string Schema(string field, string type, string values) =>
        $$$"""{"type":"object","properties":{"explanation":{"type":"string"},"{{{field}}}":{"type":"{{{type}}}","enum":[{{{values}}}]}},"required":["explanation","{{{field}}}"],"additionalProperties":false}""";
}
