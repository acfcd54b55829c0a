using System.Net;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Telemetry.ClickHouse.Client;

namespace Telemetry.ClickHouse.Tests.NativeFormat;

public sealed class ReaderTests(EngineFixture engine)
{
    public static TheoryData<string, object?> Values => new()
    {
        { "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')", Guid.Parse("61f0c404-5cb3-11e7-907b-a6006ad3dba0") },
        { "toDate('2024-02-29')", new DateOnly(2024, 2, 29) },
        { "toDate32('1950-01-01')", new DateOnly(1950, 1, 1) },
        { "toDateTime('2024-02-29 12:34:56', 'UTC')", new DateTimeOffset(2024, 2, 29, 12, 34, 56, TimeSpan.Zero) },
        { "toDateTime64('1950-01-01 00:00:00.123456789', 9, 'UTC')", new DateTimeOffset(1950, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(1234567) },
        { "toIPv4('10.1.2.3')", IPAddress.Parse("10.1.2.3") },
        { "toIPv6('2001:db8::1')", IPAddress.Parse("2001:db8::1") },
        { "toInt128('-170141183460469231731687303715884105728')", Int128.MinValue },
        { "toInt256('-5')", new BigInteger(-5) },
        { "toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935')", BigInteger.Pow(2, 256) - 1 },
        { "toDecimal32('-1.25', 4)", -1.25m },
        { "toDecimal128('12345678901234.000000000001', 12)", 12345678901234.000000000001m },
        { "toDecimal256('1.5', 40)", 1.5m },
        { "CAST('b' AS Enum16('a' = 1, 'b' = 300))", "b" },
        { "NULL", null },
        { "toLowCardinality(toNullable('x'))", "x" },
        { "CAST(NULL AS LowCardinality(Nullable(String)))", null },
        { "toIntervalDay(3)", 3L },
        { "toBFloat16(1.5)", 1.5f },
        { "tuple(1, 'a', NULL)", new object?[] { (byte)1, "a", null } },
        { "[[1, 2], [], [3]]", new object?[] { new object?[] { (byte)1, (byte)2 }, Array.Empty<object?>(), new object?[] { (byte)3 } } },
        { "[(1, 'x')]::Array(Tuple(id UInt8, `a b` String))", new object?[] { new object?[] { (byte)1, "x" } } },
        { "map('k', [1, NULL])::Map(String, Array(Nullable(UInt8)))", new Dictionary<object, object?> { ["k"] = new object?[] { (byte)1, null } } },
        { "[]::Array(LowCardinality(String))", Array.Empty<object?>() },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Every_type_of_an_answer_is_read(string expression, object? expected)
    {
        ClickHouseResult result = await engine.Client().QueryAsync($"SELECT {expression} AS v", null, TestContext.Current.CancellationToken);
        Assert.Equal(expected, result.Rows[0].GetValue("v"));
    }

    [Fact]
    public async Task A_type_that_cannot_be_read_is_named()
    {
        var e = await Assert.ThrowsAsync<ClickHouseException>(
            () => engine.Client().QueryAsync("SELECT sumState(1) AS v", null, TestContext.Current.CancellationToken));
        Assert.Contains("AggregateFunction", e.Message, StringComparison.Ordinal);
        Assert.False(e.IsRetryable);
    }

    [Fact]
    public async Task A_result_of_many_blocks_is_read_in_order()
    {
        ClickHouseResult result = await engine.Client().QueryAsync("SELECT number, toLowCardinality(toString(number % 7)) AS m FROM numbers(200000)", null, TestContext.Current.CancellationToken);
        Assert.Equal(200_000, result.Rows.Count);
        Assert.Equal(199_999, result.Rows[^1].GetInt64("number"));
        Assert.Equal("6", result.Rows[6].GetString("m"));
    }

    [Fact]
    public void Damaged_bytes_end_in_a_clear_error_and_never_in_anything_else()
    {
        byte[] whole = WholeBlock();
        Prop.ForAll(
            Gen.Zip(Gen.Choose(0, whole.Length - 1), Gen.Choose(0, 255)).ToArbitrary(),
            change =>
            {
                byte[] damaged = [.. whole];
                damaged[change.Item1] = (byte)change.Item2;
                Decode(damaged);
                Decode(damaged[..change.Item1]);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void A_block_that_announces_more_than_it_holds_allocates_nothing_for_it()
    {
        byte[] huge = [1, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, (byte)'a', 5, .. "UInt8"u8];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => ClickHouseResult.Decode(huge));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_type_nested_without_end_is_refused()
    {
        string type = string.Concat(Enumerable.Repeat("Array(", 40)) + "UInt8" + new string(')', 40);
        byte[] block = [1, 1, 1, (byte)'a', (byte)(type.Length & 0x7F | 0x80), (byte)(type.Length >> 7), .. System.Text.Encoding.ASCII.GetBytes(type), .. new byte[1000]];
        Assert.Throws<InvalidDataException>(() => ClickHouseResult.Decode(block));
    }

    [Theory]
    [InlineData("LowCardinality")]
    [InlineData("LowCardinality(Nullable)")]
    [InlineData("Map(String)")]
    [InlineData("Map(Nullable(UInt8), UInt8)")]
    public void A_type_that_is_none_and_a_key_that_is_null_are_refused(string type) =>
        Assert.Throws<InvalidDataException>(() => ClickHouseResult.Decode(OneRow(type, [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])));

    [Theory]
    [InlineData("Decimal(9, 999999999)", 4)]
    [InlineData("Decimal(77, 2)", 32)]
    [InlineData("Decimal(0, 0)", 4)]
    public void A_decimal_of_impossible_digits_is_refused(string type, int width) => Assert.Throws<InvalidDataException>(() => ClickHouseResult.Decode(OneRow(type, new byte[width])));

    [Theory]
    [InlineData("Date32")]
    [InlineData("DateTime64(0)")]
    [InlineData("DateTime64(3, 'UTC')")]
    public void A_date_that_dotnet_cannot_show_is_an_overflow(string type)
    {
        byte[] least = [0, 0, 0, 0, 0, 0, 0, 0x80];
        ClickHouseRow row = Assert.Single(ClickHouseResult.Decode(OneRow(type, type == "Date32" ? least[4..] : least)).Rows);
        Assert.Throws<OverflowException>(() => row.GetValue(0));
    }

    private static byte[] OneRow(string type, byte[] data) => [1, 1, 1, (byte)'a', (byte)type.Length, .. System.Text.Encoding.ASCII.GetBytes(type), .. data];

    private static void Decode(byte[] bytes)
    {
        try
        {
            foreach (ClickHouseRow row in ClickHouseResult.Decode(bytes).Rows.Take(100))
            {
                row.GetValue(0);
            }
        }
        catch (InvalidDataException)
        {
            // What damaged bytes are meant to end in.
        }
    }

    private static byte[] WholeBlock()
    {
        var text = new Telemetry.ClickHouse.NativeFormat.LowCardinalityStringArrayColumn("a");
        var map = new Telemetry.ClickHouse.NativeFormat.StringMapColumn("m");
        var number = new Telemetry.ClickHouse.NativeFormat.NullableNumberColumn<long>("n");
        for (int i = 0; i < 20; i++)
        {
            text.Append("one"u8);
            text.Append(i % 2 == 0 ? "two"u8 : "three"u8);
            text.EndRow();
            map.Append("k"u8, "v"u8);
            map.EndRow();
            number.Append(i);
        }

        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new Telemetry.ClickHouse.NativeFormat.NativeBlock([text, map, number]).WriteTo(output);
        return output.WrittenSpan.ToArray();
    }
}
