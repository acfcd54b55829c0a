using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>Finds the decoder of a type. .NET types of the values are listed at <see cref="Client.ClickHouseRow.GetValue(int)"/>.</summary>
internal static class ColumnDecoders
{
    private const int MaxDepth = 32;

    private static readonly FrozenDictionary<string, ColumnDecoder> s_plain = new Dictionary<string, ColumnDecoder>
    {
        ["UInt8"] = Fixed<byte>(v => v),
        ["UInt16"] = Fixed<ushort>(v => v),
        ["UInt32"] = Fixed<uint>(v => v),
        ["UInt64"] = Fixed<ulong>(v => v),
        ["UInt128"] = Fixed<UInt128>(v => v),
        ["UInt256"] = Wide(unsigned: true, v => v),
        ["Int8"] = Fixed<sbyte>(v => v),
        ["Int16"] = Fixed<short>(v => v),
        ["Int32"] = Fixed<int>(v => v),
        ["Int64"] = Fixed<long>(v => v),
        ["Int128"] = Fixed<Int128>(v => v),
        ["Int256"] = Wide(unsigned: false, v => v),
        ["Float32"] = Fixed<float>(v => v),
        ["Float64"] = Fixed<double>(v => v),
        ["BFloat16"] = Fixed<ushort>(v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
        ["Bool"] = Fixed<byte>(v => v != 0),
        ["String"] = new PlainDecoder(ReadStrings),
        ["UUID"] = Fixed<UInt128>(v => UuidOf(v)),
        ["Date"] = Fixed<ushort>(v => DateOf(v)),
        ["Date32"] = Fixed<int>(v => DateOf(v)),
        ["DateTime"] = Fixed<uint>(v => DateTimeOffset.FromUnixTimeSeconds(v), v => v),
        ["IPv4"] = Fixed<uint>(v => new IPAddress(BitConverter.GetBytes(BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(v) : v))),
        ["IPv6"] = Fixed<UInt128>(v => new IPAddress(BytesOf(v))),
        ["Nothing"] = new PlainDecoder((reader, rows) =>
        {
            reader.ReadMemory(rows);
            return new NothingValues();
        }),
    }.ToFrozenDictionary();

    internal static ColumnDecoder For(string typeName) => For(typeName, 0);

    private static ColumnDecoder For(string typeName, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"A type is nested more than {MaxDepth} levels deep.");
        }

        if (s_plain.TryGetValue(typeName, out ColumnDecoder? plain))
        {
            return plain;
        }

        TypeName type = TypeName.Parse(typeName);
        ColumnDecoder Inner(int i) => For(Argument(type, i), depth + 1);
        return type.Name switch
        {
            "Nullable" => new NullableDecoder(Inner(0)),
            "LowCardinality" => LowCardinality(Argument(type, 0), depth),
            "Array" => new ArrayDecoder(Inner(0)),
            "Map" => new MapDecoder(Inner(0), Inner(1)),
            "Tuple" => Tuple(type.Arguments, depth),
            "Nested" => new ArrayDecoder(Tuple(type.Arguments, depth)),
            "SimpleAggregateFunction" => Inner(1),
            "FixedString" => FixedStrings(Number(type, 0)),
            "Enum8" or "Enum16" => Enumeration(type),
            "Decimal" => Decimal(Number(type, 0), Number(type, 1)),
            "DateTime" => s_plain["DateTime"],
            "DateTime64" => DateTime64(Number(type, 0)),
            _ when type.Name.StartsWith("Interval", StringComparison.Ordinal) => s_plain["Int64"],
            _ => throw new InvalidDataException($"Values of type {typeName} cannot be read; convert them in the query, for example with toString or finalizeAggregation."),
        };
    }

    private static TupleDecoder Tuple(IReadOnlyList<string> arguments, int depth) =>
        new([.. arguments.Select(a => For(TypeName.WithoutElementName(a), depth + 1))]);

    private static LowCardinalityDecoder LowCardinality(string argument, int depth)
    {
        TypeName inner = TypeName.Parse(argument);
        bool nullable = inner.Name == "Nullable";
        return new LowCardinalityDecoder(For(nullable ? Argument(inner, 0) : argument, depth + 1), nullable);
    }

    private static PlainDecoder Enumeration(TypeName type)
    {
        Dictionary<long, string> names = EnumNames(type);
        string Name(long value) => names.TryGetValue(value, out string? name) ? name : value.ToString(CultureInfo.InvariantCulture);
        return type.Name == "Enum8" ? Fixed<sbyte>(v => Name(v), v => v) : Fixed<short>(v => Name(v), v => v);
    }

    private static Dictionary<long, string> EnumNames(TypeName type)
    {
        var names = new Dictionary<long, string>();
        foreach (string argument in type.Arguments)
        {
            int equals = argument.LastIndexOf('=');
            string name = equals < 0 ? "" : argument[..equals].Trim();
            if (name.Length < 2 || !long.TryParse(argument.AsSpan(equals + 1).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            {
                throw Malformed(argument);
            }

            names[value] = name[1..^1].Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        }

        return names;
    }

    private static PlainDecoder Decimal(int precision, int scale) => precision switch
    {
        _ when precision is < 1 or > 76 || scale > precision => throw Malformed($"Decimal({precision}, {scale})"),
        <= 9 => Fixed<int>(v => DecimalValue.Of(v, scale)),
        <= 18 => Fixed<long>(v => DecimalValue.Of(v, scale)),
        <= 38 => Fixed<Int128>(v => DecimalValue.Of(v, scale)),
        _ => Wide(unsigned: false, v => DecimalValue.Of(v, scale)),
    };

    /// <summary>Ticks of the precision as stored; the shown time is cut to .NET's 100 ns.</summary>
    private static PlainDecoder DateTime64(int precision)
    {
        if (precision is < 0 or > 9)
        {
            throw Malformed($"DateTime64({precision})");
        }

        long multiplier = (long)Math.Pow(10, Math.Max(0, 7 - precision));
        long divisor = (long)Math.Pow(10, Math.Max(0, precision - 7));
        return Fixed<long>(v => TimeOf(Math.Floor((decimal)v / divisor) * multiplier), v => v);
    }

    private static PlainDecoder FixedStrings(int length) => new((reader, rows) =>
    {
        var values = new ReadOnlyMemory<byte>[reader.ReadCount((ulong)rows, Math.Max(1, length))];
        for (int i = 0; i < rows; i++)
        {
            values[i] = reader.ReadMemory(length);
        }

        return new StringValues(values);
    });

    private static StringValues ReadStrings(NativeReader reader, int rows)
    {
        var values = new ReadOnlyMemory<byte>[reader.ReadCount((ulong)rows, 1)];
        for (int i = 0; i < rows; i++)
        {
            values[i] = reader.ReadStringBytes();
        }

        return new StringValues(values);
    }

    private static PlainDecoder Fixed<T>(Func<T, object> show, Func<T, long>? raw = null)
        where T : unmanaged => new((reader, rows) => new FixedWidthValues<T>(reader.ReadArray<T>(rows), show, raw));

    private static PlainDecoder Wide(bool unsigned, Func<BigInteger, object> show) =>
        new((reader, rows) => new WideValues(reader.ReadMemory((long)rows * WideValues.Width), unsigned, show));

    // The column holds more than .NET's types do.
    private static DateTimeOffset TimeOf(decimal ticks) =>
        ticks >= -DateTimeOffset.UnixEpoch.Ticks && ticks <= (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks
            ? DateTimeOffset.UnixEpoch.AddTicks((long)ticks)
            : throw new OverflowException($"The time {ticks} (100 ns since 1970) lies outside what .NET can show; read it with toString in the query.");

    private static DateOnly DateOf(int days)
    {
        int epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return days >= -epoch && days <= DateOnly.MaxValue.DayNumber - epoch
            ? DateOnly.FromDayNumber(epoch + days)
            : throw new OverflowException($"The date {days} (days since 1970) lies outside what .NET can show; read it with toString in the query.");
    }

    /// <summary>A UUID is stored as its two halves in order, each little-endian.</summary>
    private static Guid UuidOf(UInt128 stored)
    {
        byte[] bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)stored);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), (ulong)(stored >> 64));
        return new Guid(bytes, bigEndian: true);
    }

    private static byte[] BytesOf(UInt128 value)
    {
        byte[] bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        return bytes;
    }

    private static string Argument(TypeName type, int argument) => argument < type.Arguments.Count ? type.Arguments[argument] : throw Malformed(type.Name);

    private static int Number(TypeName type, int argument) =>
        argument < type.Arguments.Count && int.TryParse(type.Arguments[argument], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Malformed(type.Name);

    private static InvalidDataException Malformed(string type) => new($"\"{type}\" is not a type as ClickHouse writes it.");
}
