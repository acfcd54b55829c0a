using System.Buffers;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>
/// Turns Native as the embedded engine writes it (protocol revision 0) into Native of the revision that a client asks for with
/// <c>client_protocol_version</c>: a block info before each block, and from 54454 on a byte before each column's data that says that its
/// serialisation is the usual one.
/// </summary>
internal static class NativeReframer
{
    private const int CustomSerializationRevision = 54454;

    /// <summary>Field 1: no overflow rows; field 2: no bucket (-1); 0: end.</summary>
    private static ReadOnlySpan<byte> BlockInfo => [1, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0];

    /// <exception cref="InvalidDataException">The data is not whole blocks, or has a type whose extent is not known here.</exception>
    internal static void Reframe(ReadOnlyMemory<byte> blocks, int revision, IBufferWriter<byte> output)
    {
        var reader = new NativeReader(blocks);
        while (!reader.AtEnd)
        {
            int columns = reader.ReadCount(reader.ReadVarUInt(), 1);
            ulong rows = reader.ReadVarUInt();
            output.Write(BlockInfo);
            NativeWriter.WriteVarUInt(output, (ulong)columns);
            NativeWriter.WriteVarUInt(output, rows);
            for (int i = 0; i < columns; i++)
            {
                CopyColumn(reader, (int)rows, revision, output);
            }
        }
    }

    private static void CopyColumn(NativeReader reader, int rows, int revision, IBufferWriter<byte> output)
    {
        NativeWriter.WriteString(output, reader.ReadString());
        string type = reader.ReadString();
        NativeWriter.WriteString(output, type);
        if (revision >= CustomSerializationRevision)
        {
            output.Write([(byte)0]);
        }

        if (rows == 0)
        {
            return;
        }

        int start = reader.Position;
        ColumnDecoder decoder = ColumnDecoders.For(type);
        decoder.ReadPrefix(reader);
        decoder.Read(reader, rows);
        output.Write(reader.Since(start));
    }
}
