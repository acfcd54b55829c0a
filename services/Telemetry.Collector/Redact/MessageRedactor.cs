using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Redact;

/// <summary>
/// Rewrites OTLP messages without decoding them: it goes down to the texts, and only where one changes are the messages around it written anew, with their lengths.
/// What does not change keeps its bytes. Messages must be well-formed.
/// </summary>
internal sealed class MessageRedactor(TextRedactor texts, RedactBuffer output)
{
    // Admission lets no value through that is nested deeper: each of its hundred levels is up to three messages.
    private const int Deepest = 400;

    /// <summary>Attributes and bodies dropped so far; for whoever counts them to clear.</summary>
    public int Dropped { get; set; }

    /// <summary>What is done.</summary>
    public RedactPolicy Policy { get; set; } = null!;

    private bool Drops => Policy.Mode == RedactMode.DropContent;

    /// <summary>Appends the message as it is to be; false, with nothing appended, when it may stay as it is.</summary>
    public bool TryRedact(OtlpMessage kind, ReadOnlySpan<byte> message) => TryRedact(kind, message, default, 0);

    private bool TryRedact(OtlpMessage kind, ReadOnlySpan<byte> message, ReadOnlySpan<byte> name, int depth)
    {
        int start = output.Length;
        int copied = 0;
        var reader = new ProtobufReader(message);
        while (true)
        {
            int field = reader.Position;
            if (!reader.TryReadTag())
            {
                break;
            }

            OtlpMessage child = reader.WireType == WireType.LengthDelimited ? OtlpMessages.ChildOf(kind, reader.FieldNumber) : OtlpMessage.None;
            if (child == OtlpMessage.None)
            {
                reader.TrySkip();
                continue;
            }

            if (!reader.TryReadBytes(out ReadOnlySpan<byte> value) || depth > Deepest)
            {
                break;
            }

            if (Drops && IsContent(kind, child, value))
            {
                Dropped++;
                output.Append(message[copied..field]);
                copied = reader.Position;
                continue;
            }

            int mark = output.Length;
            ReadOnlySpan<byte> childName = child == OtlpMessage.KeyValue ? OtlpMessages.KeyOf(value) : name;
            if (child == OtlpMessage.Text ? texts.TryRedact(childName, value, Policy, output) : TryRedact(child, value, childName, depth + 1))
            {
                output.WrapFrom(mark, message[copied..field], reader.FieldNumber);
                copied = reader.Position;
            }
        }

        if (copied == 0)
        {
            output.TruncateTo(start);
            return false;
        }

        output.Append(message[copied..]);
        return true;
    }

    private static bool IsContent(OtlpMessage kind, OtlpMessage child, ReadOnlySpan<byte> value) => child switch
    {
        OtlpMessage.KeyValue => kind is not (OtlpMessage.Resource or OtlpMessage.Scope or OtlpMessage.KeyValueList) && ContentKeys.IsContent(OtlpMessages.KeyOf(value)),
        OtlpMessage.AnyValue => kind == OtlpMessage.LogRecord,
        _ => false,
    };
}
