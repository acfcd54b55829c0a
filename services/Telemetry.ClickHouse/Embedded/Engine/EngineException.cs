using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>An error of ClickHouse's kind: a number and a text as <c>Code: 60. DB::Exception: ... (UNKNOWN_TABLE)</c>.</summary>
internal sealed partial class EngineException : Exception
{
    private EngineException(int code, string message)
        : base(message) => Code = code;

    internal int Code { get; }

    /// <summary>An error that the front finds itself, written as ClickHouse writes its own.</summary>
    internal static EngineException Create(int code, string name, string text) =>
        new(code, string.Create(CultureInfo.InvariantCulture, $"Code: {code}. DB::Exception: {text} ({name})"));

    /// <summary>An error text of the engine, whose number is read from it; nested repetitions of the prefix are taken off.</summary>
    internal static EngineException FromText(string text)
    {
        Match match = CodePattern().Match(text);
        if (!match.Success)
        {
            return Create(1002, "UNKNOWN_EXCEPTION", text.Trim());
        }

        while (match.Length < text.Length && CodePattern().Match(text, match.Length) is { Success: true } nested && nested.Index == match.Length)
        {
            text = text[match.Length..];
            match = CodePattern().Match(text);
        }

        return new EngineException(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), text.Trim());
    }

    [GeneratedRegex(@"^(?:)Code: (\d{1,9})\. DB::(?:Net)?Exception: |\GCode: (\d{1,9})\. DB::Exception: ", RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();
}
