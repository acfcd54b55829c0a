using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Telemetry.Judge.Ask;

/// <summary>
/// Quotes texts for a judge. They become one JSON object on one line, in which every line break and every control character is escaped, between two lines that
/// bear a number drawn at random after the texts were written. So no text can begin a line of its own or write the line that ends the data.
/// </summary>
internal sealed class DataFence
{
    private const int NumberLength = 32;

    // As it is but for what JSON or HTML give a meaning: other scripts would cost several times their tokens when escaped.
    private static readonly JsonWriterOptions s_oneLine = new() { Indented = false, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>A fence with a number of its own.</summary>
    public DataFence()
        : this(RandomNumberGenerator.GetHexString(NumberLength, lowercase: true))
    {
    }

    /// <summary>A fence with a given number, for tests.</summary>
    internal DataFence(string number) => Number = number;

    /// <summary>The random number.</summary>
    public string Number { get; }

    /// <summary>The line before the data.</summary>
    public string Begin => "BEGIN DATA " + Number;

    /// <summary>The line after the data.</summary>
    public string End => "END DATA " + Number;

    /// <summary>The three lines: begin, data, end. Fields without a text are left out.</summary>
    public string Quote(params IEnumerable<(string Name, string? Text)> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_oneLine))
        {
            json.WriteStartObject();
            foreach ((string name, string? text) in fields.Where(f => f.Text is not null))
            {
                json.WriteString(name, WithoutLoneSurrogates(text!));
            }

            json.WriteEndObject();
        }

        return $"{Begin}\n{System.Text.Encoding.UTF8.GetString(bytes.ToArray())}\n{End}";
    }

    // They are no text, and the writer refuses them.
    private static string WithoutLoneSurrogates(string text)
    {
        int at = 0;
        while (at < text.Length && System.Text.Rune.TryGetRuneAt(text, at, out System.Text.Rune rune))
        {
            at += rune.Utf16SequenceLength;
        }

        return at == text.Length ? text : string.Concat(text.EnumerateRunes());
    }
}
