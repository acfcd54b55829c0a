using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Tests.Messages;

/// <summary>Messages normalised for a test, as text.</summary>
internal readonly record struct Normalized(bool Known, string Json, MessageFlaws Flaws)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private delegate bool WriteFunction(Utf8JsonWriter writer, out MessageFlaws flaws);

    public static Normalized Messages(string text, string role = "user") => Messages(Encoding.UTF8.GetBytes(text), role);

    public static Normalized Messages(byte[] text, string role = "user") =>
        Written((Utf8JsonWriter writer, out MessageFlaws flaws) => MessageJson.TryWriteMessages(text, role, writer, out flaws));

    public static Normalized Messages(AnyValue value, string role = "user") =>
        Written((Utf8JsonWriter writer, out MessageFlaws flaws) => MessageJson.TryWriteMessages(Value(value), role, writer, out flaws));

    public static Normalized Flat(string prefix, string role, params (string Key, object Value)[] attributes) =>
        Written((Utf8JsonWriter writer, out MessageFlaws flaws) =>
            FlatMessages.TryWriteMessages(Attributes(attributes), Encoding.UTF8.GetBytes(prefix), role, writer, out flaws));

    public static Normalized Tools(string text) =>
        Written((Utf8JsonWriter writer, out MessageFlaws flaws) => ToolJson.TryWriteTools(Encoding.UTF8.GetBytes(text), writer, out flaws));

    public static Normalized Tools(AnyValue value) =>
        Written((Utf8JsonWriter writer, out MessageFlaws flaws) => ToolJson.TryWriteTools(Value(value), writer, out flaws));

    public static Normalized FlatTools(string prefix, params (string Key, object Value)[] attributes) =>
        Written((Utf8JsonWriter writer, out MessageFlaws flaws) =>
            ToolJson.TryWriteFlatTools(Attributes(attributes), Encoding.UTF8.GetBytes(prefix), writer, out flaws));

    public static AnyValue Any(object value) => value switch
    {
        string text => new AnyValue { StringValue = text },
        bool flag => new AnyValue { BoolValue = flag },
        int number => new AnyValue { IntValue = number },
        double number => new AnyValue { DoubleValue = number },
        AnyValue any => any,
        IEnumerable<(string Key, object Value)> members => new AnyValue
        {
            KvlistValue = new KeyValueList { Values = { members.Select(m => new KeyValue { Key = m.Key, Value = Any(m.Value) }) } },
        },
        IEnumerable<object> items => new AnyValue { ArrayValue = new ArrayValue { Values = { items.Select(Any) } } },
        _ => throw new ArgumentException(value.GetType().Name),
    };

    private static AttributeValue Value(AnyValue value) => AttributeValue.Read(Google.Protobuf.MessageExtensions.ToByteArray(value));

    private static List<(ReadOnlyMemory<byte> Key, AttributeValue Value)> Attributes((string Key, object Value)[] attributes) =>
        [.. attributes.Select(a => ((ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(a.Key), Value(Any(a.Value))))];

    private static Normalized Written(WriteFunction write)
    {
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json, Relaxed);
        bool known = write(writer, out MessageFlaws flaws);
        writer.Flush();
        return new Normalized(known, Encoding.UTF8.GetString(json.WrittenSpan), flaws);
    }
}
