using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.Processor.Screen.Schema;
using Telemetry.Processor.Screen.Text;

namespace Telemetry.Quality.Evaluate;

/// <summary>The text holds, or does not hold, a phrase; capitals do not matter.</summary>
internal sealed class ContainsExpectation(string phrase, bool isWanted) : Expectation
{
    public override string Name => isWanted ? "contains" : "not_contains";

    public override string? Broken(EvalAnswer answer) =>
        answer.Text.Contains(phrase, StringComparison.OrdinalIgnoreCase) == isWanted ? null : $"the answer {(isWanted ? "lacks" : "has")} \"{phrase}\"";
}

/// <summary>The text is this one, but for white space around it.</summary>
internal sealed class EqualsExpectation(string text) : Expectation
{
    public override string Name => "equals";

    public override string? Broken(EvalAnswer answer) => answer.Text.Trim() == text.Trim() ? null : $"the answer is not \"{text}\"";
}

/// <summary>A pattern matches somewhere; one that takes too long does not.</summary>
internal sealed class RegexExpectation(Regex pattern) : Expectation
{
    public override string Name => "regex";

    public override string? Broken(EvalAnswer answer)
    {
        try
        {
            return pattern.IsMatch(answer.Text) ? null : $"\"{pattern}\" does not match";
        }
        catch (RegexMatchTimeoutException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"\"{pattern}\" took longer than {pattern.MatchTimeout.TotalSeconds} s");
        }
    }
}

/// <summary>The text is JSON of a schema.</summary>
internal sealed class SchemaExpectation(JsonElement schema) : Expectation
{
    public override string Name => "json_schema";

    public override string? Broken(EvalAnswer answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer.Text);
            return new SchemaCheck(schema).Broken(document.RootElement) is { } keyword ? $"the answer breaks \"{keyword}\" of the schema" : null;
        }
        catch (JsonException e)
        {
            return $"the answer is not JSON: {e.Message}";
        }
    }
}

/// <summary>No more output tokens than that.</summary>
internal sealed class TokensExpectation(long most) : Expectation
{
    public override string Name => "max_tokens";

    public override string? Broken(EvalAnswer answer) => answer.OutputTokens is not { } tokens ? "the endpoint did not tell its output tokens"
        : tokens <= most ? null : string.Create(CultureInfo.InvariantCulture, $"{tokens} output tokens; allowed: {most}");
}

/// <summary>No slower than that.</summary>
internal sealed class LatencyExpectation(double mostMilliseconds) : Expectation
{
    public override string Name => "max_latency_ms";

    public override string? Broken(EvalAnswer answer) => answer.Latency.TotalMilliseconds <= mostMilliseconds
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{answer.Latency.TotalMilliseconds:0} ms; allowed: {mostMilliseconds}");
}

/// <summary>A tool was called.</summary>
internal sealed class ToolExpectation(string tool) : Expectation
{
    public override string Name => "tool_called";

    public override string? Broken(EvalAnswer answer) => answer.Tools.Contains(tool) ? null : $"\"{tool}\" was not called, but {(answer.Tools.Count > 0 ? string.Join(", ", answer.Tools) : "no tool")}";
}

/// <summary>The text is written in a language; one that is too short to tell passes.</summary>
internal sealed class LanguageExpectation(Language language) : Expectation
{
    public override string Name => "language";

    public override string? Broken(EvalAnswer answer)
    {
        Language found = new LanguageGuess().Of(new FoldedText().Fold(Encoding.UTF8.GetBytes(answer.Text)));
        return found == language || found == Language.Unknown ? null : $"the answer is in {found.ToString().ToLowerInvariant()}, not in {language.ToString().ToLowerInvariant()}";
    }
}

/// <summary>The model declines, or does not.</summary>
internal sealed class RefusalExpectation(bool isWanted) : Expectation
{
    public override string Name => "refusal";

    public override string? Broken(EvalAnswer answer)
    {
        bool isRefusal = answer.IsRefused || answer.FinishReason is "content_filter" or "refusal" || (answer.Tools.Count == 0 && new RefusalPhrases().In(Encoding.UTF8.GetBytes(answer.Text)) is not null);
        return isRefusal == isWanted ? null : isWanted ? "the model does not decline" : "the model declines";
    }
}
