using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>
/// Reads a JavaScript object or array literal as a bundler writes data: names without quotes, <c>!0</c> and <c>!1</c>, numbers such as <c>.15</c> and
/// <c>1e3</c>, strings in any quotes. Nothing is executed; an expression is an error. Numbers stay decimal.
/// </summary>
internal sealed class JavaScriptLiteral
{
    private const int DeepestNesting = 64;
    private readonly string _text;
    private int _at;

    private JavaScriptLiteral(string text, int start)
    {
        _text = text;
        _at = start;
    }

    /// <summary>The value that starts at a place in a script.</summary>
    /// <exception cref="InvalidDataException">There is no literal there; the place is named.</exception>
    public static JsonNode? Read(string script, int start) => new JavaScriptLiteral(script, start).Value(0);

    private JsonNode? Value(int depth)
    {
        if (depth > DeepestNesting)
        {
            throw Wrong($"nested deeper than {DeepestNesting}");
        }

        return Peek() switch
        {
            '{' => Object(depth),
            '[' => Array(depth),
            '"' or '\'' or '`' => JsonValue.Create(Text()),
            '!' => Negated(),
            _ => Scalar(),
        };
    }

    private JsonObject Object(int depth)
    {
        var result = new JsonObject();
        Expect('{');
        while (Peek() != '}')
        {
            string name = Peek() is '"' or '\'' ? Text() : Word();
            Expect(':');
            result.Add(name, Value(depth + 1));
            SkipComma('}');
        }

        Expect('}');
        return result;
    }

    private JsonArray Array(int depth)
    {
        var result = new JsonArray();
        Expect('[');
        while (Peek() != ']')
        {
            result.Add(Value(depth + 1));
            SkipComma(']');
        }

        Expect(']');
        return result;
    }

    private JsonValue Negated()
    {
        Expect('!');
        return JsonValue.Create(Word() == "0");
    }

    private JsonValue? Scalar()
    {
        string word = Word();
        return word switch
        {
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            "null" => null,
            _ when decimal.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) => JsonValue.Create(number),
            _ => throw Wrong($"\"{word}\" is no literal"),
        };
    }

    private string Text()
    {
        char quote = _text[_at++];
        var text = new StringBuilder();
        while (Current() != quote)
        {
            char next = _text[_at++];
            text.Append(next == '\\' ? Escaped() : next);
        }

        _at++;
        return text.ToString();
    }

    private char Escaped()
    {
        const int UnicodeDigits = 4;
        char kind = Current();
        _at++;
        if (kind != 'u')
        {
            return kind switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => kind };
        }

        if (_at + UnicodeDigits > _text.Length || !ushort.TryParse(_text.AsSpan(_at, UnicodeDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
        {
            throw Wrong("four hexadecimal digits are expected");
        }

        _at += UnicodeDigits;
        return (char)unit;
    }

    private string Word()
    {
        Peek();
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$' or '.' or '-' or '+'))
        {
            _at++;
        }

        return _at > start ? _text[start.._at] : throw Wrong($"'{Current()}' is not expected");
    }

    private void SkipComma(char end)
    {
        if (Peek() == ',')
        {
            _at++;
        }
        else if (Peek() != end)
        {
            throw Wrong($"',' or '{end}' is expected");
        }
    }

    private char Peek()
    {
        while (char.IsWhiteSpace(Current()))
        {
            _at++;
        }

        return Current();
    }

    private void Expect(char expected)
    {
        if (Peek() != expected)
        {
            throw Wrong($"'{expected}' is expected, not '{Current()}'");
        }

        _at++;
    }

    private char Current() => _at < _text.Length ? _text[_at] : throw Wrong("the script ends within a literal");

    private InvalidDataException Wrong(string problem) => new($"character {_at}: {problem}");
}
