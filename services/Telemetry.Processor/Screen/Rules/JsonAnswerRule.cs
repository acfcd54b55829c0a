using System.Text.Json;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Screen.Requests;
using Telemetry.Processor.Screen.Schema;

namespace Telemetry.Processor.Screen.Rules;

/// <summary>
/// JSON was asked for, and the answer is none, or none of the schema. An answer in a code fence is none either: the parser that waits for it fails. Left alone are
/// answers that call a tool, several choices, and answers longer than what is looked at.
/// </summary>
internal sealed class JsonAnswerRule : IScreenRule
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <inheritdoc />
    public bool NeedsContent => true;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        ReadOnlySpan<byte> answer = call.Answer.Trim(" \t\r\n"u8);
        if (answer.IsEmpty || call.ToolCalls > 0 || call.Choices > 1 || call.IsAnswerCut || call.HasRefusalPart)
        {
            return;
        }

        RequestedFormat format = RequestReader.Read(call.Item.Span.Attributes);
        if (!format.IsJson)
        {
            return;
        }

        if (!IsJson(answer))
        {
            call.Hit(ScreenFlags.InvalidJson, answer.StartsWith("```"u8) ? "code_fence" : "syntax");
        }
        else if (!format.Schema.IsEmpty && Broken(format.Schema.Span, answer) is { } keyword)
        {
            call.Hit(ScreenFlags.SchemaMismatch, keyword);
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        try
        {
            while (reader.Read())
            {
                // Only whether it ends well counts.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Broken(ReadOnlySpan<byte> schema, ReadOnlySpan<byte> answer)
    {
        using JsonDocument? schemaDocument = JsonSource.TryParse(schema);
        using JsonDocument? value = JsonSource.TryParse(answer);
        return schemaDocument is null || value is null ? null : new SchemaCheck(schemaDocument.RootElement).Broken(value.RootElement);
    }
}
