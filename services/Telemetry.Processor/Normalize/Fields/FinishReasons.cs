using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Fields;

/// <summary>
/// Why an answer ended, one reason for each choice, in every shape that emitters send: a list, a JSON list in a text, a printed Python list, one bare text; and
/// for want of an attribute, in the answer itself or in the event that tells a choice.
/// </summary>
internal sealed class FinishReasons(AttributeKeys keys)
{
    private const string Member = "finish_reason";

    private readonly AttributeKey _reason = keys.Add(Member);
    private readonly AttributeKey _content = keys.Add("gen_ai.event.content");

    /// <summary>Adds them; nothing when nobody tells them.</summary>
    public void Read(DecodedSpan span, FieldValues fields, List<ReadOnlyMemory<byte>> reasons)
    {
        Add(fields[Field.FinishReasons], reasons);
        if (reasons.Count == 0)
        {
            JsonFields.CollectFromArray(fields[Field.OutputMessages], Member, reasons);
        }

        if (reasons.Count == 0)
        {
            ReadChoices(span, reasons);
        }

        // "N/A" (Semantic Kernel) and a printed None say that there is none.
        reasons.RemoveAll(static r => r.Span.SequenceEqual("N/A"u8) || r.Span.SequenceEqual("None"u8) || r.Span.SequenceEqual("null"u8) || r.IsEmpty);
    }

    private static void Add(AttributeValue value, List<ReadOnlyMemory<byte>> reasons)
    {
        int before = reasons.Count;
        value.CollectTexts(reasons);
        if (reasons.Count != before + 1)
        {
            return;
        }

        ReadOnlyMemory<byte> only = reasons[before];
        if (only.Span is [(byte)'[', .., (byte)']'])
        {
            reasons.RemoveAt(before);
            Split(only[1..^1], reasons);
        }
        else if (only.Span is [(byte)'"', .., (byte)'"'])
        {
            reasons[before] = JsonFields.Unquote(only);
        }
    }

    // A list printed by Python: ['stop', 'length'].
    private static void Split(ReadOnlyMemory<byte> list, List<ReadOnlyMemory<byte>> reasons)
    {
        while (list.Length > 0)
        {
            int comma = list.Span.IndexOf((byte)',');
            ReadOnlyMemory<byte> item = comma < 0 ? list : list[..comma];
            list = comma < 0 ? default : list[(comma + 1)..];
            int start = item.Span.IndexOfAnyExcept(" '\""u8);
            if (start >= 0)
            {
                reasons.Add(item[start..(item.Span.LastIndexOfAnyExcept(" '\""u8) + 1)]);
            }
        }
    }

    private void ReadChoices(DecodedSpan span, List<ReadOnlyMemory<byte>> reasons)
    {
        foreach (DecodedEvent e in span.Events)
        {
            if (!e.Name.Span.SequenceEqual("gen_ai.choice"u8))
            {
                continue;
            }

            AttributeValue reason = e.Attributes.Has(_reason) ? e.Attributes[_reason] : JsonFields.Find(e.Attributes[_content], Member);
            if (reason.Kind == ValueKind.Text)
            {
                reasons.Add(reason.Slice);
            }
        }
    }
}
