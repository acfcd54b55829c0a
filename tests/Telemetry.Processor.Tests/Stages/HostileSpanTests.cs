using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Write;

namespace Telemetry.Processor.Tests.Stages;

/// <summary>Whatever a span says, in whatever dialect: nothing throws, and what is written holds together.</summary>
public sealed class HostileSpanTests
{
    private const int Spans = 4000;

    private static readonly string[] FlatKeys =
    [
        "gen_ai.prompt.0.content", "gen_ai.prompt.0.role", "gen_ai.prompt.999999999.content", "gen_ai.completion.0.tool_calls.0.arguments", "llm.input_messages.0.message.role",
        "llm.input_messages.-1.message.content", "llm.output_messages.0.message.contents.0.message_content.text", "llm.tools.0.tool.json_schema", "custom.key", "",
    ];

    private static readonly Func<Random, AnyValue>[] Values =
    [
        _ => StageRun.Any(long.MaxValue),
        _ => StageRun.Any(long.MinValue),
        _ => StageRun.Any(-1),
        _ => StageRun.Any(0),
        r => StageRun.Any(r.Next(5000)),
        r => StageRun.Any(r.Next(5000)),
        r => StageRun.Any((double)r.Next(5000)),
        _ => StageRun.Any(double.NaN),
        _ => StageRun.Any(double.PositiveInfinity),
        _ => StageRun.Any(1e300),
        _ => StageRun.Any(0.5),
        r => StageRun.Any(r.Next(5000).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        _ => StageRun.Any("1e5"),
        _ => StageRun.Any(""),
        _ => StageRun.Any("true"),
        _ => StageRun.Any(true),
        _ => StageRun.Any("many"),
        _ => StageRun.Any("{\"input\":"),
        _ => StageRun.Any("[\"stop\""),
        _ => StageRun.Any("[\"stop\"]"),
        _ => StageRun.Any("\"quoted \\u0041\""),
        _ => StageRun.Any("{\"input\":5,\"output\":7,\"total\":12,\"input_cached_tokens\":3,\"a\":{\"b\":{\"c\":1}}}"),
        _ => StageRun.Any("{\"input_tokens\":5,\"output_tokens\":\"7\",\"cache_read_input_tokens\":9}"),
        _ => StageRun.Any("{\"anthropic\":{\"usage\":{\"cache_creation\":{\"ephemeral_1h_input_tokens\":77}},\"cacheReadInputTokens\":-4}}"),
        _ => StageRun.Any("[{\"role\":\"user\",\"content\":\"hello\"}]"),
        _ => StageRun.Any(string.Concat(Enumerable.Repeat("[", 3000))),
        r => StageRun.Any(new string((char)r.Next(32, 0x2fff), r.Next(3000))),
        _ => StageRun.Any("gpt-4o-mini"),
        _ => StageRun.Any("claude-sonnet-4-5"),
        _ => StageRun.Any("openai"),
        _ => StageRun.Any("anthropic"),
        _ => StageRun.Any("chat"),
        _ => StageRun.Any("invoke_agent"),
        _ => StageRun.Any("LLM"),
        _ => StageRun.Any("generation"),
        _ => StageRun.Any("2026-11-20T12:00:00.100Z"),
        _ => StageRun.Any(new[] { "a", "b" }),
        _ => new AnyValue(),
        _ => new AnyValue { BytesValue = ByteString.CopyFrom(0xff, 0xfe, 0x00) },
        r => Nested(r.Next(200)),
        _ => new AnyValue { KvlistValue = new KeyValueList { Values = { new KeyValue { Key = "role", Value = StageRun.Any("user") }, new KeyValue { Key = "role", Value = StageRun.Any(1) } } } },
    ];

    private readonly StageRun _run = new();
    private long _made;

    [Fact]
    public void Any_attributes_of_any_dialect_give_rows_that_hold_together() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            var random = new Random(seed);
            string[] keys = [.. _run.Keys.Names, .. FlatKeys];
            Span[] spans = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Hostile(random, keys))];
            foreach (Span span in spans)
            {
                span.SpanId = ByteString.CopyFrom(BitConverter.GetBytes(++_made));
            }

            Assert.Null(_run.Run(StageRun.Record(spans)));
            Write();
            foreach (SpanItem item in _run.Batch.Items)
            {
                Check(item);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Spans));

    [Fact]
    public void Text_that_is_no_utf_8_is_kept_as_far_as_it_can_be_read()
    {
        byte[] record = StageRun.Record(StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "MODEL-X"), ("gen_ai.input.messages", "MODEL-X")));
        byte[] broken = Replace(record, "MODEL-X"u8, [0x6d, 0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0]);

        Assert.Null(_run.Run(broken));
        Write();
        Assert.StartsWith("m\ufffd", Assert.Single(_run.Batch.Items.ToArray()).Call.ModelRequested, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000_000_001L)]
    [InlineData(long.MaxValue)]
    [InlineData(-5L)]
    public void An_absurd_count_is_not_taken_for_one(long count)
    {
        LlmCall call = _run.Run(StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o-mini"), ("gen_ai.usage.input_tokens", count), ("gen_ai.usage.output_tokens", 1))).Call;

        Assert.Null(call.Usage.Input);
        Assert.Contains(Flags.InvalidTokenCount, call.Flags);
        Assert.Equal((null, CostReasons.IncompleteUsage), (call.Price.CostUsd, call.Price.CostReason));
    }

    [Fact]
    public void A_part_larger_than_its_whole_is_flagged_and_not_priced()
    {
        LlmCall call = _run.Run(StageRun.Chat(
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o-mini"), ("gen_ai.usage.input_tokens", 10), ("gen_ai.usage.output_tokens", 10),
            ("gen_ai.usage.audio.input_tokens", 11))).Call;

        Assert.Contains(Flags.InconsistentUsage, call.Flags);
        Assert.Equal(CostReasons.InconsistentUsage, call.Price.CostReason);
    }

    [Theory]
    [InlineData("gen_ai.user.message", """{"content":"a \ud800 b"}""")]
    [InlineData("gen_ai.choice", """{"message":{"content":"\udfff"},"index":0}""")]
    [InlineData("gen_ai.choice", """{"message":{"content":"x"},"\ud800":1}""")]
    [InlineData("gen_ai.tool.message", """{"\udc00\ud800":[]}""")]
    public void Half_a_surrogate_pair_in_an_events_json_is_kept_as_far_as_it_can_be_read(string name, string json)
    {
        Span span = StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o-mini"));
        span.Events.Add(new Span.Types.Event { Name = name, Attributes = { new KeyValue { Key = "gen_ai.event.content", Value = StageRun.Any(json) } } });

        SpanItem item = _run.Run(span);
        Write();
        Assert.True(item.IsCall);
    }

    [Fact]
    public void Keys_that_look_like_flat_messages_and_hold_none_leave_the_recorded_answer_as_it_is()
    {
        SpanItem item = _run.Run(StageRun.Chat(
            ("openinference.span.kind", "LLM"), ("llm.model_name", "gpt-4o-mini"), ("output.value", "the answer"), ("llm.output_messages.0.message", "none"), ("llm.input_messages.", "none")));
        var messages = new CallMessages(_run.Keys);
        messages.Read(item);

        using var output = JsonDocument.Parse(messages.Output.ToArray());
        Assert.Contains("the answer", output.RootElement.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, messages.Input.Length);
    }

    private static Span Hostile(Random random, string[] keys)
    {
        Span span = StageRun.Chat();
        span.TraceId = ByteString.CopyFrom(BitConverter.GetBytes(random.NextInt64()).Concat(BitConverter.GetBytes(random.NextInt64())).ToArray());
        span.SpanId = ByteString.CopyFrom(BitConverter.GetBytes(random.NextInt64()));
        span.Kind = (Span.Types.SpanKind)random.Next(6);
        span.StartTimeUnixNano = Time(random);
        span.EndTimeUnixNano = Time(random);
        for (int i = random.Next(12); i > 0; i--)
        {
            span.Attributes.Add(new KeyValue { Key = keys[random.Next(keys.Length)], Value = Values[random.Next(Values.Length)](random) });
        }

        // Most spans should be understood, or nothing behind is tested.
        span.Attributes.Add(new KeyValue { Key = "gen_ai.operation.name", Value = StageRun.Any("chat") });
        span.Events.Add(new Span.Types.Event { Name = "gen_ai.content.completion.chunk", TimeUnixNano = Time(random), Attributes = { new KeyValue { Key = "gen_ai.event.content", Value = Values[random.Next(Values.Length)](random) } } });
        return span;
    }

    private static ulong Time(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1,
        3 => StageRun.Nanoseconds(StageRun.Start.AddYears(30)),
        _ => StageRun.Nanoseconds(StageRun.Start.AddMilliseconds(random.Next(2000))),
    };

    private static AnyValue Nested(int depth)
    {
        var value = new AnyValue { StringValue = "deep" };
        for (int i = 0; i < Math.Min(depth, 90); i++)
        {
            value = new AnyValue { ArrayValue = new ArrayValue { Values = { value } } };
        }

        return value;
    }

    private static byte[] Replace(byte[] bytes, ReadOnlySpan<byte> old, byte[] with)
    {
        byte[] replaced = [.. bytes];
        for (int at = replaced.AsSpan().IndexOf(old); at >= 0; at = replaced.AsSpan().IndexOf(old))
        {
            with.CopyTo(replaced, at);
        }

        return replaced;
    }

    private static void Check(SpanItem item)
    {
        LlmCall call = item.Call;
        TokenUsage usage = call.Usage;
        long?[] counts = [usage.Input, usage.Output, usage.CacheRead, usage.CacheWrite, usage.CacheWriteOneHour, usage.Reasoning, usage.AudioInput, usage.AudioOutput, usage.ImageInput, usage.ImageOutput];
        Assert.All(counts, count => Assert.True(count is null or >= 0));
        Assert.True(UsageCheck.IsConsistent(usage) || call.Flags.Contains(Flags.InconsistentUsage));
        Assert.True(call.DurationMilliseconds is null or >= 0);
        Assert.True(call.TtftMilliseconds is null || (call.TtftMilliseconds >= 0 && call.TtftMilliseconds <= (call.DurationMilliseconds ?? double.MaxValue)));
        Assert.True(call.TokensPerSecond is null or (> 0 and < double.PositiveInfinity));
        Assert.Equal(call.Flags.Count, call.Flags.Distinct().Count());
        if (!item.IsCall)
        {
            Assert.NotEmpty(call.NotBilledBecause);
            return;
        }

        PricedCall price = call.Price;
        Assert.Equal(price.CostUsd is null, price.CostReason.Length > 0);
        if (price.CostUsd is { } cost)
        {
            Assert.Equal(cost, price.InputCostUsd + price.CacheReadCostUsd + price.CacheWriteCostUsd + price.OutputCostUsd + price.OtherCostUsd);
            Assert.True(UsageCheck.IsConsistent(usage));
        }
    }

    private void Write()
    {
        var keys = new ResourceKeys(_run.Keys);
        var calls = new CallRows(keys, 0);
        var spans = new SpanRows(keys, 0);
        var content = new ContentRows(keys, new CallMessages(_run.Keys), 0, "span");
        foreach (SpanItem item in _run.Batch.Items)
        {
            calls.Append(item);
            spans.Append(item);
            content.Append(item);
        }

        foreach (NativeBlock block in (NativeBlock[])[calls.Block, spans.Block, content.Block])
        {
            Assert.InRange(block.RowCount, 0, _run.Batch.Count);
        }
    }
}
