namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>A ClickHouse type taken apart: <c>Map(String, Array(UInt8))</c> is the name Map and two arguments, as written.</summary>
internal sealed record TypeName(string Name, IReadOnlyList<string> Arguments)
{
    internal static TypeName Parse(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return new TypeName(text.Trim(), []);
        }

        if (!text.EndsWith(')'))
        {
            throw new InvalidDataException($"\"{text}\" is not a type: a closing parenthesis is missing.");
        }

        return new TypeName(text[..open].Trim(), SplitArguments(text[(open + 1)..^1]));
    }

    /// <summary>The type of a tuple's element, which may carry a name before it.</summary>
    internal static string WithoutElementName(string argument)
    {
        int space = IndexOutsideQuotes(argument, ' ');
        int open = IndexOutsideQuotes(argument, '(');
        return space > 0 && (open < 0 || space < open) ? argument[(space + 1)..].Trim() : argument;
    }

    private static List<string> SplitArguments(string text)
    {
        var arguments = new List<string>();
        int start = 0;
        for (int comma = IndexOutsideQuotes(text, ','); comma >= 0; comma = IndexOutsideQuotes(text, ',', start))
        {
            arguments.Add(text[start..comma].Trim());
            start = comma + 1;
        }

        arguments.Add(text[start..].Trim());
        return arguments;
    }

    /// <summary>The first <paramref name="wanted"/> from <paramref name="start"/> on that is in no quotes and no parentheses.</summary>
    private static int IndexOutsideQuotes(string text, char wanted, int start = 0)
    {
        int depth = 0;
        char quote = '\0';
        for (int i = start; i < text.Length; i++)
        {
            char c = text[i];
            if (quote != '\0')
            {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (c == wanted && depth == 0)
            {
                return i;
            }
            else
            {
                quote = c is '\'' or '`' or '"' ? c : '\0';
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
        }

        return -1;
    }
}
