using System.Buffers;
using System.Text.Json;

namespace Telemetry.Processor.Decode;

/// <summary>
/// A record that could not be decoded, on its way to the dead-letter topic: one JSON object with the reason and where the record came from, and the
/// record itself whole, as base64.
/// </summary>
internal static class DeadLetter
{
    /// <summary>The envelope's bytes.</summary>
    public static byte[] Write(string topic, int partition, long offset, string reason, DateTimeOffset at, ReadOnlySpan<byte> record)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("topic", topic);
            json.WriteNumber("partition", partition);
            json.WriteNumber("offset", offset);
            json.WriteString("reason", reason);
            json.WriteString("at", at);
            json.WriteBase64String("record", record);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
