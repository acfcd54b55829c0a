using FsCheck;
using FsCheck.Fluent;
using Telemetry.Contracts.Wire;

namespace Telemetry.Contracts.Tests.Wire;

public class ProtobufReaderTests
{
    [Theory]
    [InlineData("00", 0UL)]
    [InlineData("7F", 127UL)]
    [InlineData("8001", 128UL)]
    [InlineData("AC02", 300UL)]
    [InlineData("80808080808080808000", 0UL)]
    [InlineData("FFFFFFFFFFFFFFFFFF01", ulong.MaxValue)]
    public void A_varint_is_read(string hex, ulong expected)
    {
        var reader = new ProtobufReader(Convert.FromHexString(hex));
        Assert.True(reader.TryReadVarint(out ulong value));
        Assert.Equal((expected, hex.Length / 2), (value, reader.Position));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF01")]
    public void A_varint_that_breaks_off_or_is_too_long_is_malformed(string hex)
    {
        var reader = new ProtobufReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadVarint(out _));
        Assert.True(reader.IsMalformed);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0B")]
    [InlineData("0C")]
    [InlineData("0E")]
    [InlineData("8080808080808001")]
    public void Field_zero_groups_unknown_wire_types_and_numbers_out_of_range_are_malformed(string hex)
    {
        var reader = new ProtobufReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadTag());
        Assert.True(reader.IsMalformed);
    }

    [Theory]
    [InlineData("0A0261")]
    [InlineData("0AFFFFFFFF0F61")]
    [InlineData("0AFFFFFFFFFFFFFFFFFF0161")]
    [InlineData("0900000000")]
    [InlineData("0D0000")]
    public void A_value_longer_than_the_message_is_malformed_and_nothing_is_read_after_it(string hex)
    {
        var reader = new ProtobufReader(Convert.FromHexString(hex));
        Assert.True(reader.TryReadTag());
        Assert.False(reader.TrySkip());
        Assert.True(reader.IsMalformed);
        Assert.False(reader.TryReadTag());
    }

    [Fact]
    public void A_length_delimited_value_is_a_slice_of_the_input()
    {
        byte[] message = [0x0A, 0x03, 1, 2, 3, 0x10, 0x05];
        var reader = new ProtobufReader(message);
        Assert.True(reader.TryReadTag() && reader.TryReadBytes(out ReadOnlySpan<byte> value) && message.AsSpan().Overlaps(value, out int offset) && offset == 2);
        Assert.True(reader.TryReadTag());
        Assert.Equal((2, WireType.Varint), (reader.FieldNumber, reader.WireType));
        Assert.True(reader.TrySkip());
        Assert.False(reader.TryReadTag());
        Assert.False(reader.IsMalformed);
    }

    [Fact]
    public void No_bytes_make_it_throw_stand_still_or_leave_the_message() =>
        Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
        {
            var reader = new ProtobufReader(bytes);
            int last = -1;
            while (reader.TryReadTag() && reader.TrySkip())
            {
                Assert.True(reader.Position > last && reader.Position <= bytes.Length);
                last = reader.Position;
            }

            return reader.IsMalformed || reader.Position == bytes.Length;
        }));
}
