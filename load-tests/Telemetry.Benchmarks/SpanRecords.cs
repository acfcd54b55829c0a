using System.Buffers.Binary;
using System.Text;

namespace Telemetry.Benchmarks;

/// <summary>Span log records as the Collector makes them: 100 spans of 12 attributes, about 475 bytes each; a tenth of them agents that repeat usage.</summary>
internal static class SpanRecords
{
    public const int SpansInRecord = 100;

    private static long _id;

    /// <summary>A record with ids of its own.</summary>
    public static byte[] Make()
    {
        var spans = new MemoryStream();
        byte[] trace = new byte[16];
        ulong parent = 0;
        for (int i = 0; i < SpansInRecord; i++)
        {
            ulong id = (ulong)Interlocked.Increment(ref _id) * 0x9E3779B97F4A7C15;
            if (i % 10 == 0)
            {
                BinaryPrimitives.WriteUInt64BigEndian(trace, id ^ 0x5555555555555555);
                BinaryPrimitives.WriteUInt64BigEndian(trace.AsSpan(8), id);
                parent = id;
            }

            Field(spans, 2, Span(trace, id, i % 10 == 0 ? 0 : parent, isAgent: i % 10 == 0));
        }

        var scope = new MemoryStream();
        Field(scope, 1, Message(m => Field(m, 1, "opentelemetry.instrumentation.openai"u8.ToArray())));
        spans.WriteTo(scope);
        var resource = new MemoryStream();
        Field(resource, 1, Message(m => Field(m, 1, Attribute("service.name", "checkout-assistant"))));
        Field(resource, 2, scope.ToArray());
        return Message(m => Field(m, 1, resource.ToArray()));
    }

    /// <summary>A record of one call with these messages, or none.</summary>
    public static byte[] One(string? input, string? output)
    {
        var scope = new MemoryStream();
        Field(scope, 2, Span(new byte[16], 7, 0, isAgent: false, input, output));
        var resource = new MemoryStream();
        Field(resource, 2, scope.ToArray());
        return Message(m => Field(m, 1, resource.ToArray()));
    }

    private static byte[] Span(byte[] trace, ulong id, ulong parent, bool isAgent, string? input = null, string? output = null) => Message(m =>
    {
        const long Start = 1_795_000_000_000_000_000;
        byte[] span = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(span, id);
        Field(m, 1, trace);
        Field(m, 2, span);
        if (parent != 0)
        {
            byte[] above = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(above, parent);
            Field(m, 4, above);
        }

        Field(m, 5, "chat gpt-4o-mini"u8.ToArray());
        m.WriteByte((6 << 3) | 0);
        m.WriteByte(3);
        Fixed(m, 7, Start);
        Fixed(m, 8, Start + 900_000_000);
        Field(m, 9, Attribute("gen_ai.operation.name", isAgent ? "invoke_agent" : "chat"));
        Field(m, 9, Attribute("gen_ai.provider.name", "openai"));
        Field(m, 9, Attribute("gen_ai.request.model", "gpt-4o-mini"));
        Field(m, 9, Attribute("gen_ai.response.model", "gpt-4o-mini-2024-07-18"));
        Field(m, 9, Attribute("gen_ai.response.id", $"chatcmpl-{id:x16}"));
        Field(m, 9, Attribute("gen_ai.usage.input_tokens", 1200));
        Field(m, 9, Attribute("gen_ai.usage.output_tokens", 300));
        Field(m, 9, Attribute("gen_ai.usage.cache_read.input_tokens", 1000));
        Field(m, 9, Attribute("gen_ai.response.time_to_first_chunk", 0.3));
        Field(m, 9, Attribute("session.id", "session-4711"));
        Field(m, 9, Attribute("user.id", "user-42"));
        Field(m, 9, Attribute("server.address", "api.openai.com"));
        if (input is not null && output is not null)
        {
            Field(m, 9, Attribute("gen_ai.input.messages", input));
            Field(m, 9, Attribute("gen_ai.output.messages", output));
        }
    });

    private static byte[] Attribute(string key, object value) => Message(m =>
    {
        Field(m, 1, Encoding.UTF8.GetBytes(key));
        Field(m, 2, Message(v =>
        {
            switch (value)
            {
                case string text:
                    Field(v, 1, Encoding.UTF8.GetBytes(text));
                    break;
                case int number:
                    v.WriteByte((3 << 3) | 0);
                    Varint(v, (ulong)number);
                    break;
                case double number:
                    v.WriteByte((4 << 3) | 1);
                    v.Write(BitConverter.GetBytes(number));
                    break;
            }
        }));
    });

    private static byte[] Message(Action<MemoryStream> write)
    {
        var message = new MemoryStream();
        write(message);
        return message.ToArray();
    }

    private static void Field(MemoryStream output, int number, byte[] bytes)
    {
        Varint(output, (ulong)((number << 3) | 2));
        Varint(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    private static void Fixed(MemoryStream output, int number, long value)
    {
        Varint(output, (ulong)((number << 3) | 1));
        output.Write(BitConverter.GetBytes(value));
    }

    private static void Varint(MemoryStream output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            output.WriteByte((byte)(value | 0x80));
        }

        output.WriteByte((byte)value);
    }
}
