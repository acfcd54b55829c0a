using System.Buffers;
using System.Text;
using System.Text.Json;
using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Receive;

/// <summary>Writes the response messages: <c>Export…ServiceResponse</c> and <c>google.rpc.Status</c> with <c>RetryInfo</c>, as protobuf or JSON.</summary>
internal static class StatusMessage
{
    private const string RetryInfoType = "type.googleapis.com/google.rpc.RetryInfo";

    /// <summary>An export response; empty unless items were rejected.</summary>
    public static byte[] ExportResponse(in ExportOutcome outcome)
    {
        if (outcome.Rejected == 0 && outcome.Message is null)
        {
            return [];
        }

        var partial = new ArrayBufferWriter<byte>();
        WriteVarintField(partial, OtlpFields.PartialSuccess.Rejected, (ulong)outcome.Rejected);
        WriteBytesField(partial, OtlpFields.PartialSuccess.ErrorMessage, Encoding.UTF8.GetBytes(outcome.Message ?? ""));
        var response = new ArrayBufferWriter<byte>();
        WriteBytesField(response, OtlpFields.Response.PartialSuccess, partial.WrittenSpan);
        return response.WrittenSpan.ToArray();
    }

    /// <summary>The same as JSON.</summary>
    public static byte[] ExportResponseJson(in ExportOutcome outcome, string rejectedName)
    {
        if (outcome.Rejected == 0 && outcome.Message is null)
        {
            return "{}"u8.ToArray();
        }

        return Json(new Dictionary<string, object>
        {
            ["partialSuccess"] = new Dictionary<string, object>
            {
                // proto3 JSON: 64-bit integers are strings.
                [rejectedName] = outcome.Rejected.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["errorMessage"] = outcome.Message ?? "",
            },
        });
    }

    /// <summary><c>google.rpc.Status</c> {code = 1, message = 2, details = 3}.</summary>
    public static byte[] Status(int code, string message, TimeSpan retryAfter)
    {
        var status = new ArrayBufferWriter<byte>();
        WriteVarintField(status, 1, (ulong)code);
        WriteBytesField(status, 2, Encoding.UTF8.GetBytes(message));
        if (retryAfter > TimeSpan.Zero)
        {
            // google.rpc.RetryInfo {Duration retry_delay = 1}; Duration {seconds = 1, nanos = 2}; Any {type_url = 1, value = 2}.
            var duration = new ArrayBufferWriter<byte>();
            WriteVarintField(duration, 1, (ulong)retryAfter.TotalSeconds);
            WriteVarintField(duration, 2, (ulong)(retryAfter.Ticks % TimeSpan.TicksPerSecond * 100));
            var retryInfo = new ArrayBufferWriter<byte>();
            WriteBytesField(retryInfo, 1, duration.WrittenSpan);
            var any = new ArrayBufferWriter<byte>();
            WriteBytesField(any, 1, Encoding.UTF8.GetBytes(RetryInfoType));
            WriteBytesField(any, 2, retryInfo.WrittenSpan);
            WriteBytesField(status, 3, any.WrittenSpan);
        }

        return status.WrittenSpan.ToArray();
    }

    /// <summary>The same as JSON.</summary>
    public static byte[] StatusJson(int code, string message, TimeSpan retryAfter)
    {
        var status = new Dictionary<string, object> { ["code"] = code, ["message"] = message };
        if (retryAfter > TimeSpan.Zero)
        {
            status["details"] = new object[]
            {
                new Dictionary<string, object> { ["@type"] = RetryInfoType, ["retryDelay"] = FormattableString.Invariant($"{retryAfter.TotalSeconds:0.###}s") },
            };
        }

        return Json(status);
    }

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);

    private static void WriteVarintField(ArrayBufferWriter<byte> output, int field, ulong value)
    {
        WriteVarint(output, (ulong)(field << 3));
        WriteVarint(output, value);
    }

    private static void WriteBytesField(ArrayBufferWriter<byte> output, int field, ReadOnlySpan<byte> value)
    {
        WriteVarint(output, (ulong)((field << 3) | (int)WireType.LengthDelimited));
        WriteVarint(output, (ulong)value.Length);
        output.Write(value);
    }

    private static void WriteVarint(ArrayBufferWriter<byte> output, ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int length = 0;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[length++] = (byte)value;
        output.Write(bytes[..length]);
    }
}
