using System.Buffers;
using System.Text.Json;

namespace Telemetry.Processor.Decode;

/// <summary>A record that could not be decoded, as it stands in the dead-letter topic: one JSON object with the reason and where the record came from, and the record itself whole, as base64.</summary>
/// <param name="Topic">The topic that it was read from; empty when the letter is no envelope of ours.</param>
/// <param name="Partition">Partition there.</param>
/// <param name="Offset">Offset there.</param>
/// <param name="Reason">Why it could not be decoded.</param>
/// <param name="At">When it was put aside.</param>
/// <param name="Record">Its bytes.</param>
internal readonly record struct DeadLetter(string Topic, int Partition, long Offset, string Reason, DateTimeOffset At, ReadOnlyMemory<byte> Record)
{
    /// <summary>The envelope's bytes.</summary>
    public byte[] Write()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("topic", Topic);
            json.WriteNumber("partition", Partition);
            json.WriteNumber("offset", Offset);
            json.WriteString("reason", Reason);
            json.WriteString("at", At);
            json.WriteBase64String("record", Record.Span);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads an envelope; anything else is a letter that holds itself.</summary>
    public static DeadLetter Read(ReadOnlyMemory<byte> envelope)
    {
        try
        {
            using var document = JsonDocument.Parse(envelope);
            JsonElement root = document.RootElement;
            return new DeadLetter(
                root.GetProperty("topic").GetString() ?? "", root.GetProperty("partition").GetInt32(), root.GetProperty("offset").GetInt64(),
                root.GetProperty("reason").GetString() ?? "", root.GetProperty("at").GetDateTimeOffset(), root.GetProperty("record").GetBytesFromBase64());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return new DeadLetter("", 0, 0, $"no dead letter of ours: {e.Message}", DateTimeOffset.UnixEpoch, envelope);
        }
    }
}
