using System.Buffers;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.TestKit;

namespace Telemetry.ClickHouse.Tests.NativeFormat;

public sealed class ColumnTests
{
    [Fact]
    public void A_block_of_unequal_columns_names_the_one_that_differs()
    {
        var a = new NumberColumn<long>("a");
        var b = new StringColumn("b");
        a.Append(1);
        var e = Assert.Throws<InvalidOperationException>(() => new NativeBlock([a, b]).RowCount);
        Assert.Contains("'b'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_with_a_name_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => new NativeBlock([new StringColumn("a"), new StringColumn("a")]));

    [Theory]
    [InlineData("999999.999999999999", 999999999999999999)]
    [InlineData("-999999.999999999999", -999999999999999999)]
    [InlineData("0.0000000000005", 0)] // a half goes to the even neighbour
    [InlineData("0.0000000000015", 2)]
    [InlineData("0.00000000000050001", 1)]
    [InlineData("1.10", 1100000000000)]
    public void A_decimal_is_scaled_exactly_and_rounded_half_to_even(string value, long expected)
    {
        var column = new Decimal64Column("cost", 18, 12);
        column.Append(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(expected, BitConverter.ToInt64(DataOf(column)));
    }

    [Theory]
    [InlineData("1000000")]
    [InlineData("999999.9999999999995")]
    [InlineData("79228162514264337593543950335")]
    public void A_decimal_out_of_range_names_the_column_and_leaves_it_as_it_was(string value)
    {
        var column = new NullableDecimal64Column("cost_usd", 18, 12);
        var e = Assert.Throws<OverflowException>(() => column.Append(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("cost_usd", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, column.Count);
        Assert.Empty(DataOf(column));
    }

    [Fact]
    public void Repeated_values_allocate_nothing()
    {
        var column = new LowCardinalityStringColumn("model");
        byte[] value = "gpt-4o-mini"u8.ToArray();
        Run();
        Assert.Equal(0, Allocations.Fewest(Run));

        void Run()
        {
            column.Clear();
            for (int i = 0; i < 100_000; i++)
            {
                column.Append(value);
            }
        }
    }

    [Fact]
    public void A_fixed_string_that_is_too_long_is_refused_and_a_short_one_filled_up()
    {
        var column = new FixedStringColumn("id", 4);
        Assert.Throws<ArgumentException>(() => column.Append("12345"u8));
        column.Append("12"u8);
        Assert.Equal("12\0\0"u8.ToArray(), DataOf(column));
    }

    [Fact]
    public void A_type_that_is_no_number_is_refused() => Assert.ThrowsAny<Exception>(() => new NumberColumn<char>("c"));

    private static byte[] DataOf(NativeColumn column)
    {
        var output = new ArrayBufferWriter<byte>();
        column.WriteData(output);
        return output.WrittenSpan.ToArray();
    }
}
