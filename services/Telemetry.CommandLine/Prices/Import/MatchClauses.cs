using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>Carries match clauses over. The book's regular expressions run in linear time, which excludes look-ahead: the one form in use becomes a <c>not</c>.</summary>
internal static partial class MatchClauses
{
    public static JsonObject Convert(JsonObject clause)
    {
        (string kind, JsonNode? value) = clause.Single();
        return kind switch
        {
            "or" or "and" => new JsonObject { [kind] = new JsonArray([.. value!.AsArray().Select(c => Convert(c!.AsObject()))]) },
            "regex" when NegativeLookAhead().Match((string)value!) is { Success: true } found =>
                new JsonObject { ["not"] = new JsonObject { ["regex"] = found.Groups["pattern"].Value } },
            _ => new JsonObject { [kind] = value!.DeepClone() },
        };
    }

    [GeneratedRegex(@"^\^\(\?!\.\*(?<pattern>.*)\)$")]
    private static partial Regex NegativeLookAhead();
}
