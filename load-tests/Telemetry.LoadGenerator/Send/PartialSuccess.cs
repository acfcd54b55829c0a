using System.Buffers.Binary;
using Telemetry.Contracts.Wire;

namespace Telemetry.LoadGenerator.Send;

/// <summary>Looks for rejected spans in the receiver's answer.</summary>
internal static class PartialSuccess
{
    private const int PartialSuccessField = 1;
    private const int RejectedSpansField = 1;

    /// <summary>Rejected spans of an <c>ExportTraceServiceResponse</c> in protobuf.</summary>
    public static long RejectedSpans(ReadOnlySpan<byte> response)
    {
        var reader = new ProtobufReader(response);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == PartialSuccessField && reader.WireType == WireType.LengthDelimited && reader.TryReadBytes(out ReadOnlySpan<byte> partial))
            {
                var inner = new ProtobufReader(partial);
                while (inner.TryReadTag())
                {
                    if (inner.FieldNumber == RejectedSpansField && inner.WireType == WireType.Varint && inner.TryReadVarint(out ulong rejected))
                    {
                        return (long)rejected;
                    }

                    if (!inner.TrySkip())
                    {
                        break;
                    }
                }
            }
            else if (!reader.TrySkip())
            {
                break;
            }
        }

        return 0;
    }

    /// <summary>Rejected spans of a response in JSON, where the number is a string or a number.</summary>
    public static long RejectedSpansJson(ReadOnlySpan<byte> response)
    {
        int at = response.IndexOf("\"rejectedSpans\""u8);
        if (at < 0)
        {
            return 0;
        }

        long number = 0;
        foreach (byte c in response[(at + "\"rejectedSpans\"".Length)..])
        {
            if (c is >= (byte)'0' and <= (byte)'9')
            {
                number = (number * 10) + (c - '0');
            }
            else if (c is not ((byte)':' or (byte)'"' or (byte)' '))
            {
                break;
            }
        }

        return number;
    }

    /// <summary>The message in a gRPC frame; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Unframe(ReadOnlySpan<byte> frame) =>
        frame.Length > GrpcSender.FrameHeader ? frame.Slice(GrpcSender.FrameHeader, (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(frame[1..]), (uint)(frame.Length - GrpcSender.FrameHeader))) : default;
}
