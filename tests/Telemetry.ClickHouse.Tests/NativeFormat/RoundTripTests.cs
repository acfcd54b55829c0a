using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Tests.NativeFormat;

/// <summary>Rows of every column type through the writer, the HTTP front, the engine's storage and the typed reader.</summary>
public sealed class RoundTripTests(EngineFixture engine)
{
    private const string Enumeration = "Enum8('ok' = 1, 'it''s' = 2, 'error' = -5)";

    private const string Table = $"""
        CREATE TABLE rows
        (
            i UInt32, s String, ns Nullable(String), lc LowCardinality(String), u8 UInt8, i8 Int8, i16 Int16, u16 UInt16, i32 Int32, u64 UInt64, i64 Int64,
            f32 Float32, f64 Float64, b Bool, nb Nullable(Bool), n64 Nullable(Int64), e {Enumeration}, t9 DateTime64(9, 'UTC'), nt3 Nullable(DateTime64(3, 'UTC')),
            d Decimal(18, 12), nd Nullable(Decimal(18, 12)), d128 Decimal(38, 12), fs FixedString(16), a Array(LowCardinality(String)), m Map(LowCardinality(String), String)
        )
        ENGINE = MergeTree ORDER BY i
        """;

    private sealed record Row(
        string S, string? Ns, string Lc, byte U8, sbyte I8, short I16, ushort U16, int I32, ulong U64, long I64, float F32, double F64, bool B, bool? Nb, long? N64,
        long T9, long? Nt3, decimal D, decimal? Nd, byte[] Fs, string[] A, (string Key, string Value)[] M);

    private static readonly Gen<string> s_text = Gen.OneOf(
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => Clean(s.Get)), Gen.Elements("", "gpt-4o", "naïve \0 \t\n\\'", new string('x', 300)));

    private static readonly Gen<decimal> s_money =
        from units in Gen.Choose(-999_999, 999_999)
        from scale in Gen.Choose(0, 12)
        from digits in Gen.Choose(0, int.MaxValue)
        select units + Math.Round(digits / 2147483648m, scale);

    private static Gen<Row> Rows() =>
        from s in s_text
        from ns in Gen.OneOf(Gen.Constant<string?>(null), s_text.Select(x => (string?)x))
        from lc in s_text
        from numbers in ArbMap.Default.GeneratorFor<(byte, sbyte, short, ushort, int, ulong, long)>()
        from f in ArbMap.Default.GeneratorFor<(float, double, bool, bool?, long?)>()
        from t9 in Gen.Choose(0, int.MaxValue).Select(x => x * 1_000_000_007L)
        from nt3 in Gen.OneOf(Gen.Constant<long?>(null), Gen.Choose(0, int.MaxValue).Select(x => (long?)x))
        from d in s_money
        from nd in Gen.OneOf(Gen.Constant<decimal?>(null), s_money.Select(x => (decimal?)x))
        from fs in ArbMap.Default.GeneratorFor<byte>().ArrayOf(16)
        from a in s_text.ArrayOf(3)
        from m in s_text.Zip(s_text).ArrayOf(2)
        select new Row(
            s, ns, lc, numbers.Item1, numbers.Item2, numbers.Item3, numbers.Item4, numbers.Item5, numbers.Item6, numbers.Item7, f.Item1, f.Item2, f.Item3, f.Item4, f.Item5,
            t9, nt3, d, nd, fs, a, m.DistinctBy(p => p.Item1).Select(p => (p.Item1, p.Item2)).ToArray());

    [Fact]
    public async Task Every_column_type_comes_back_as_it_was_sent()
    {
        ClickHouseClient client = await engine.NewDatabaseAsync();
        await client.ExecuteAsync(Table, null, TestContext.Current.CancellationToken);
        Prop.ForAll(Rows().ListOf(40).ToArbitrary(), rows => RoundTrip(client, [.. rows])).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public async Task Rows_that_were_taken_out_are_not_sent_and_the_others_are_as_they_were()
    {
        ClickHouseClient client = await engine.NewDatabaseAsync();
        await client.ExecuteAsync(Table, null, TestContext.Current.CancellationToken);
        Gen<(bool IsRemoved, Row Row)> marked = ArbMap.Default.GeneratorFor<bool>().Zip(Rows());
        Prop.ForAll(marked.ListOf(40).ToArbitrary(), rows => RoundTripOfKept(client, [.. rows])).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public void Rows_that_are_not_there_cannot_be_taken_out()
    {
        var column = new NumberColumn<int>("n");
        var block = new NativeBlock([column]);
        column.Append(1);
        column.Append(2);

        Assert.Throws<ArgumentOutOfRangeException>(() => block.RemoveRows([0, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.RemoveRows([1, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.RemoveRows([1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.RemoveRows([-1]));
        Assert.Equal(2, block.RowCount);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    public async Task Dictionaries_of_every_index_width_come_back(int distinct)
    {
        ClickHouseClient client = await engine.NewDatabaseAsync();
        await client.ExecuteAsync("CREATE TABLE l (v LowCardinality(String), n UInt32) ENGINE = MergeTree ORDER BY n", null, TestContext.Current.CancellationToken);
        var v = new LowCardinalityStringColumn("v");
        var n = new NumberColumn<uint>("n");
        for (uint i = 0; i < distinct + 10; i++)
        {
            v.Append(Encoding.UTF8.GetBytes((i % distinct).ToString(CultureInfo.InvariantCulture)));
            n.Append(i);
        }

        await client.InsertAsync("l", new NativeBlock([v, n]), null, TestContext.Current.CancellationToken);
        ClickHouseResult result = await client.QueryAsync(
            "SELECT count() AS rows, uniqExact(v) AS d, countIf(v != toString(n % {d:UInt32})) AS wrong FROM l",
            new Dictionary<string, object?> { ["d"] = distinct },
            TestContext.Current.CancellationToken);
        Assert.Equal(distinct + 10, result.Rows[0].GetInt64("rows"));
        Assert.Equal(distinct, result.Rows[0].GetInt64("d"));
        Assert.Equal(0, result.Rows[0].GetInt64("wrong"));
        ClickHouseResult read = await client.QueryAsync("SELECT v FROM l ORDER BY n", null, TestContext.Current.CancellationToken);
        Assert.Equal((distinct - 1).ToString(CultureInfo.InvariantCulture), read.Rows[distinct - 1].GetString("v"));
    }

    private static bool RoundTrip(ClickHouseClient client, Row[] rows)
    {
        client.ExecuteAsync("TRUNCATE TABLE rows", null, CancellationToken.None).GetAwaiter().GetResult();
        var block = new RowBlock();
        block.Fill(rows);
        block.Block.Clear();
        block.Fill(rows);
        client.InsertAsync("rows", block.Block, null, CancellationToken.None).GetAwaiter().GetResult();
        ClickHouseResult result = client.QueryAsync("SELECT * FROM rows ORDER BY i", null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Equal(rows.Length, result.Rows.Count);
        for (int i = 0; i < rows.Length; i++)
        {
            Compare(rows[i], result.Rows[i]);
        }

        return true;
    }

    // Half of the rows are there when rows are taken out, the others come after it.
    private static bool RoundTripOfKept(ClickHouseClient client, (bool IsRemoved, Row Row)[] rows)
    {
        client.ExecuteAsync("TRUNCATE TABLE rows", null, CancellationToken.None).GetAwaiter().GetResult();
        var block = new RowBlock();
        int half = rows.Length / 2;
        block.Fill([.. rows[..half].Select(r => r.Row)]);
        block.Block.RemoveRows([.. Enumerable.Range(0, half).Where(i => rows[i].IsRemoved)]);
        int kept = block.Block.RowCount;
        block.Fill([.. rows[half..].Select(r => r.Row)], first: half);
        block.Block.RemoveRows([.. Enumerable.Range(half, rows.Length - half).Where(i => rows[i].IsRemoved).Select(i => i - half + kept)]);
        Row[] expected = [.. rows.Where(r => !r.IsRemoved).Select(r => r.Row)];
        Assert.Equal(expected.Length, block.Block.RowCount);
        client.InsertAsync("rows", block.Block, null, CancellationToken.None).GetAwaiter().GetResult();
        ClickHouseResult result = client.QueryAsync("SELECT * FROM rows ORDER BY i", null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Equal(expected.Length, result.Rows.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Compare(expected[i], result.Rows[i]);
        }

        return true;
    }

    private static void Compare(Row sent, ClickHouseRow read)
    {
        Assert.Equal(sent.S, read.GetString("s"));
        Assert.Equal(sent.Ns, read.IsNull("ns") ? null : read.GetString("ns"));
        Assert.Equal(sent.Lc, read.GetString("lc"));
        Assert.Equal((sent.U8, sent.I8, sent.I16, sent.U16, sent.I32, sent.I64), ((byte)read.GetInt64("u8"), (sbyte)read.GetInt64("i8"), (short)read.GetInt64("i16"), (ushort)read.GetInt64("u16"), (int)read.GetInt64("i32"), read.GetInt64("i64")));
        Assert.Equal(sent.U64, read.GetUInt64("u64"));
        Assert.Equal(sent.F32, (float)read.GetValue("f32")!);
        Assert.Equal(sent.F64, read.GetDouble("f64"));
        Assert.Equal(sent.B, read.GetBoolean("b"));
        Assert.Equal(sent.Nb, (bool?)read.GetValue("nb"));
        Assert.Equal(sent.N64, (long?)read.GetValue("n64"));
        Assert.Equal(sent.B ? "ok" : "it's", read.GetString("e"));
        Assert.Equal(sent.B ? 1 : 2, read.GetInt64("e"));
        Assert.Equal(sent.T9, read.GetInt64("t9"));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(sent.T9 / 100), read.GetDateTime("t9"));
        Assert.Equal(sent.Nt3 is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null, (DateTimeOffset?)read.GetValue("nt3"));
        Assert.Equal(sent.D, read.GetDecimal("d"));
        Assert.Equal(sent.Nd, read.IsNull("nd") ? null : read.GetDecimal("nd"));
        Assert.Equal(sent.D * 1000, read.GetDecimal("d128"));
        Assert.Equal(sent.Fs, read.GetBytes("fs").ToArray());
        Assert.Equal(sent.A, read.GetArray<string>("a"));
        var map = (Dictionary<object, object?>)read.GetValue("m")!;
        Assert.Equal(sent.M.ToDictionary(p => (object)p.Key, p => (object?)p.Value), map);
    }

    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private sealed class RowBlock
    {
        private readonly NumberColumn<uint> _i = new("i");
        private readonly StringColumn _s = new("s");
        private readonly NullableStringColumn _ns = new("ns");
        private readonly LowCardinalityStringColumn _lc = new("lc");
        private readonly NumberColumn<byte> _u8 = new("u8");
        private readonly NumberColumn<sbyte> _i8 = new("i8");
        private readonly NumberColumn<short> _i16 = new("i16");
        private readonly NumberColumn<ushort> _u16 = new("u16");
        private readonly NumberColumn<int> _i32 = new("i32");
        private readonly NumberColumn<ulong> _u64 = new("u64");
        private readonly NumberColumn<long> _i64 = new("i64");
        private readonly NumberColumn<float> _f32 = new("f32");
        private readonly NumberColumn<double> _f64 = new("f64");
        private readonly BoolColumn _b = new("b");
        private readonly NullableBoolColumn _nb = new("nb");
        private readonly NullableNumberColumn<long> _n64 = new("n64");
        private readonly Enum8Column _e = new("e", Enumeration.Replace("''", "\\'", StringComparison.Ordinal));
        private readonly DateTime64Column _t9 = new("t9", 9);
        private readonly NullableDateTime64Column _nt3 = new("nt3", 3);
        private readonly Decimal64Column _d = new("d", 18, 12);
        private readonly NullableDecimal64Column _nd = new("nd", 18, 12);
        private readonly Decimal128Column _d128 = new("d128", 38, 12);
        private readonly FixedStringColumn _fs = new("fs", 16);
        private readonly LowCardinalityStringArrayColumn _a = new("a");
        private readonly StringMapColumn _m = new("m");

        internal RowBlock() => Block = new NativeBlock(
            [_i, _s, _ns, _lc, _u8, _i8, _i16, _u16, _i32, _u64, _i64, _f32, _f64, _b, _nb, _n64, _e, _t9, _nt3, _d, _nd, _d128, _fs, _a, _m]);

        internal NativeBlock Block { get; }

        internal void Fill(Row[] rows, int first = 0)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                _i.Append((uint)(first + i));
                FillNumbers(rows[i]);
                FillTexts(rows[i]);
            }
        }

        private void FillNumbers(Row row)
        {
            _u8.Append(row.U8);
            _i8.Append(row.I8);
            _i16.Append(row.I16);
            _u16.Append(row.U16);
            _i32.Append(row.I32);
            _u64.Append(row.U64);
            _i64.Append(row.I64);
            _f32.Append(row.F32);
            _f64.Append(row.F64);
            _b.Append(row.B);
            _nb.Append(row.Nb);
            _n64.Append(row.N64);
            _e.Append(row.B ? (sbyte)1 : (sbyte)2);
            _t9.Append(row.T9);
            _d.Append(row.D);
            _d128.Append(row.D * 1000);
            if (row.Nt3 is { } ms)
            {
                _nt3.Append(ms);
            }
            else
            {
                _nt3.AppendNull();
            }

            if (row.Nd is { } money)
            {
                _nd.Append(money);
            }
            else
            {
                _nd.AppendNull();
            }
        }

        private void FillTexts(Row row)
        {
            _s.Append(Encoding.UTF8.GetBytes(row.S));
            _lc.Append(Encoding.UTF8.GetBytes(row.Lc));
            _fs.Append(row.Fs);
            if (row.Ns is null)
            {
                _ns.AppendNull();
            }
            else
            {
                _ns.Append(Encoding.UTF8.GetBytes(row.Ns));
            }

            foreach (string item in row.A)
            {
                _a.Append(Encoding.UTF8.GetBytes(item));
            }

            _a.EndRow();
            foreach ((string key, string value) in row.M)
            {
                _m.Append(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
            }

            _m.EndRow();
        }
    }
}
