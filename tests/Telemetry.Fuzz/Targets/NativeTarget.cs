using System.Buffers;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Fuzz.Seeds;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// Blocks of ClickHouse's Native format: read, every value looked at, and framed anew for clients of a later protocol.
/// Control byte: 1 reframe for the revision with a serialisation byte, else for the one without.
/// </summary>
internal sealed class NativeTarget : IFuzzTarget
{
    /// <summary>Its name.</summary>
    public const string TargetName = "native";

    private const int Serialization = 1;
    private const int OldRevision = 54400;
    private const int NewRevision = 54460;
    private const int MostRows = 64;
    private const int MostConverted = 2;

    private readonly ArrayBufferWriter<byte> _reframed = new(1 << 17);

    public NativeTarget()
    {
        byte[][] blocks = [.. Directory.EnumerateFiles(Captures.Native, "*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes), Written()];
        Seeds = [.. blocks.Select(b => Captures.With(b, 0)), .. blocks.Select(b => Captures.With(b, Serialization))];
    }

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "Blocks of ClickHouse's Native format: read, looked at, framed anew";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.Lengths;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words { get; } = Captures.Words(
        "UInt8", "UInt64", "Int128", "UInt256", "Float64", "String", "FixedString(3)", "FixedString(0)", "FixedString(2147483647)", "Nullable(String)", "Nullable(Nothing)", "Nullable(Nullable(UInt8))",
        "LowCardinality(String)", "LowCardinality(Nullable(String))", "LowCardinality", "LowCardinality()", "LowCardinality(Nullable)", "LowCardinality(LowCardinality(String))", "Array(UInt8)",
        "Array(Array(String))", "Array(Nothing)", "Array", "Map(String, UInt8)", "Map(Nullable(String), UInt8)", "Map(String)", "Tuple(UInt8, String)", "Tuple(a UInt8, `b c` String)", "Tuple()",
        "Tuple", "Nested(a UInt8)", "Enum8('a' = 1, 'b' = 2)", "Enum8('a')", "Enum16('' = 999999999999)", "Decimal(9, 2)", "Decimal(76, 76)", "Decimal(18, 99)", "Decimal(0, 0)", "DateTime64(9, 'UTC')",
        "DateTime64(0)", "DateTime64(10)", "Date", "Date32", "DateTime('UTC')", "UUID", "IPv4", "IPv6", "Bool", "Nothing", "IntervalDay", "SimpleAggregateFunction(sum, UInt64)", "BFloat16", "(", ")", ",", "'", "`");

    /// <inheritdoc />
    public int ControlBytes => 1;

    /// <inheritdoc />
    public long AllocationLimit(int inputLength) => (8L << 20) + (inputLength * 600L);

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        byte[] blocks = input[1..].ToArray();
        ClickHouseResult? result = Decode(blocks);
        if (result is not null)
        {
            LookAt(result);
        }

        Reframe(blocks, (input[0] & Serialization) != 0 ? NewRevision : OldRevision, result is not null);
    }

    private static ClickHouseResult? Decode(byte[] blocks)
    {
        try
        {
            return ClickHouseResult.Decode(blocks);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    // Every value by its own type; of each row one value by other types too, which mostly ends in an exception and so takes its time.
    private static void LookAt(ClickHouseResult result)
    {
        for (int r = 0; r < result.Rows.Count && r < MostRows; r++)
        {
            ClickHouseRow row = result.Rows[r];
            for (int i = 0; i < result.Columns.Count; i++)
            {
                object? value = Refusable(() => row.GetValue(i));
                string name = result.Columns[i].Name;
                if (value is not null && result.Ordinal(name) == i && row.IsNull(name))
                {
                    throw new FuzzFailureException($"{name} is {value} and NULL");
                }
            }

            if (r < MostConverted && result.Columns.Count > 0)
            {
                string name = result.Columns[r % result.Columns.Count].Name;
                Refusable(() => row.GetInt64(name));
                Refusable(() => row.GetDecimal(name));
                Refusable(() => row.GetString(name));
            }
        }
    }

    // What the getters document for values that .NET has no room for, and for values of another type.
    private static object? Refusable<T>(Func<T> get)
    {
        try
        {
            return get();
        }
        catch (Exception e) when (e is OverflowException or InvalidCastException)
        {
            return null;
        }
    }

    private void Reframe(byte[] blocks, int revision, bool isReadable)
    {
        _reframed.ResetWrittenCount();
        try
        {
            NativeReframer.Reframe(blocks, revision, _reframed);
        }
        catch (InvalidDataException e)
        {
            if (isReadable)
            {
                throw new FuzzFailureException($"read, but not framed anew: {e.Message}", e);
            }
        }
    }

    // A block as the product sends it.
    private static byte[] Written()
    {
        var text = new StringColumn("text");
        var low = new LowCardinalityStringColumn("low");
        var tags = new StringMapColumn("tags");
        var flags = new LowCardinalityStringArrayColumn("flags");
        var money = new NullableDecimal64Column("money", 18, 12);
        var time = new DateTime64Column("time", 9);
        var kind = new Enum8Column("kind", "Enum8('unknown' = 0, 'reported' = 1)");
        for (int i = 0; i < 5; i++)
        {
            text.Append("chat"u8);
            low.Append(i % 2 == 0 ? "a"u8 : "b"u8);
            tags.Append("k"u8, "v"u8);
            tags.EndRow();
            flags.Append("f"u8);
            flags.EndRow();
            money.Append(i * 0.000123m);
            time.Append(1_790_000_000_000_000_000 + i);
            kind.Append((sbyte)(i % 2));
        }

        var output = new ArrayBufferWriter<byte>();
        new NativeBlock([text, low, tags, flags, money, time, kind]).WriteTo(output);
        return output.WrittenSpan.ToArray();
    }
}
