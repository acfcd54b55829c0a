using Google.Protobuf;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Tests.Stages;

namespace Telemetry.Processor.Tests.Decode;

/// <summary>Many attribute sets share one table of places, and each is as if it had its own.</summary>
public sealed class AttributeSetTests
{
    private const int Keys = 40;

    [Fact]
    public void Sets_that_are_filled_cleared_and_asked_in_any_order_know_their_own_values()
    {
        const int Steps = 200_000;
        var keys = new AttributeKeys();
        AttributeKey[] all = [.. Enumerable.Range(0, Keys).Select(n => keys.Add($"key.{n}"))];
        var slots = new AttributeSlots(keys);
        (AttributeSet Set, Dictionary<int, long> Expected)[] sets = [.. Enumerable.Range(0, 5).Select(_ => (new AttributeSet(keys, slots), new Dictionary<int, long>()))];
        var random = new Random(5);
        for (int step = 0; step < Steps; step++)
        {
            (AttributeSet set, Dictionary<int, long> expected) = sets[random.Next(sets.Length)];
            int key = random.Next(Keys);
            switch (random.Next(40))
            {
                case 0:
                    set.Clear();
                    expected.Clear();
                    break;
                case < 15:
                    Assert.True(set.TryAdd(Message($"key.{key}", StageRun.Any(step))));
                    expected[key] = step;
                    break;
                default:
                    Assert.Equal<long?>(expected.TryGetValue(key, out long value) ? value : null, set.Has(all[key]) ? set[all[key]].IntegerValue : null);
                    break;
            }
        }
    }

    public static TheoryData<object> Plain => [0, 1, 127, 128, 16_383, 16_384, int.MaxValue, long.MaxValue, -1L, long.MinValue, 0.0, -0.0, 1.5, double.NaN, double.MaxValue, true, false, "", "x", new string('x', 127), new string('x', 128), new string('é', 9000), new string('x', 20_000)];

    [Theory]
    [MemberData(nameof(Plain))]
    public void A_value_of_any_size_is_read_as_protobuf_reads_it(object value)
    {
        foreach (string name in (string[])["known.key", "other", new string('k', 130), ""])
        {
            var keys = new AttributeKeys();
            keys.Add("known.key");
            var set = new AttributeSet(keys, new AttributeSlots(keys));
            AnyValue any = StageRun.Any(value);

            Assert.True(set.TryAdd(Message(name, any)));

            AttributeValue read = name == "known.key" ? Assert.Single(set.Known.ToArray()).Value : Assert.Single(set.Others).Value;
            switch (any.ValueCase)
            {
                case AnyValue.ValueOneofCase.StringValue:
                    Assert.Equal(any.StringValue, System.Text.Encoding.UTF8.GetString(read.Text));
                    break;
                case AnyValue.ValueOneofCase.IntValue:
                    Assert.Equal((ValueKind.Integer, any.IntValue), (read.Kind, read.IntegerValue));
                    break;
                case AnyValue.ValueOneofCase.BoolValue:
                    Assert.Equal((ValueKind.Bool, any.BoolValue ? 1 : 0), (read.Kind, read.IntegerValue));
                    break;
                default:
                    Assert.Equal((ValueKind.Double, BitConverter.DoubleToInt64Bits(any.DoubleValue)), (read.Kind, BitConverter.DoubleToInt64Bits(read.DoubleValue)));
                    break;
            }
        }
    }

    [Theory]
    [InlineData("0A016B")] // a key alone
    [InlineData("0A016B1200")] // an empty value
    [InlineData("12041803100112000A016B")] // the value first, twice
    [InlineData("0A016B120418818000")] // a number in more bytes than it needs
    public void What_is_laid_out_otherwise_is_read_too(string hex)
    {
        var keys = new AttributeKeys();
        var set = new AttributeSet(keys, new AttributeSlots(keys));
        byte[] bytes = Convert.FromHexString(hex);
        AnyValue expected = KeyValue.Parser.ParseFrom(bytes).Value ?? new AnyValue();

        Assert.True(set.TryAdd(bytes));

        (ReadOnlyMemory<byte> key, AttributeValue value) = Assert.Single(set.Others);
        Assert.Equal("k"u8, key.Span);
        Assert.Equal<long?>(expected.ValueCase == AnyValue.ValueOneofCase.IntValue ? expected.IntValue : null, value.Kind == ValueKind.Integer ? value.IntegerValue : null);
    }

    [Theory]
    [InlineData("0A026B")]
    [InlineData("0A016B1205")]
    [InlineData("0A016B12021880FF")]
    [InlineData("0A")]
    public void What_is_cut_off_is_malformed(string hex)
    {
        var keys = new AttributeKeys();
        Assert.False(new AttributeSet(keys, new AttributeSlots(keys)).TryAdd(Convert.FromHexString(hex)));
    }

    private static byte[] Message(string key, AnyValue value) => new KeyValue { Key = key, Value = value }.ToByteArray();
}
