using FsCheck;
using FsCheck.Fluent;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Tests.Dialects.Mixed;

public sealed class UsageMeaningTests
{
    private static readonly UsageMeaning[] Meanings = [UsageMeaning.Inclusive, UsageMeaning.CacheApart, UsageMeaning.ReasoningApart, UsageMeaning.Disjoint];

    // raw input, cached, written, output, reasoning, total; what they come to.
    [Theory]
    [InlineData(100, 60, 0, 40, 0, null, 100, 40, "as_reported")]
    [InlineData(100, 60, 50, 40, 0, null, 210, 40, "cache_added")]
    [InlineData(100, 60, 0, 40, 0, 200, 160, 40, "cache_added")]
    [InlineData(100, 60, 0, 40, 8, 140, 100, 40, "as_reported")]
    [InlineData(100, 60, 0, 40, 50, null, 100, 90, "reasoning_added")]
    [InlineData(100, 60, 0, 40, 8, 148, 100, 48, "reasoning_added")]
    [InlineData(100, 60, 0, 40, 8, 208, 160, 48, "cache_and_reasoning_added")]
    [InlineData(100, 0, 0, 40, 0, 900, 100, 40, "as_reported")]
    public void Numbers_prove_what_the_totals_leave_out(int input, int read, int write, int output, int reasoning, int? total, long expectedInput, long expectedOutput, string expected)
    {
        TokenUsage usage = UsageReader.ToOneMeaning(new TokenUsage { Input = input, CacheRead = read, CacheWrite = write, Output = output, Reasoning = reasoning }, total, UsageMeaning.Inclusive, out string reading);

        Assert.Equal((expectedInput, expectedOutput, expected), (usage.Input, usage.Output, reading));
    }

    [Fact]
    public void Whatever_is_reported_parts_are_never_larger_than_their_wholes() => Prop.ForAll(
        ArbMap.Default.ArbFor<(uint?, uint?, uint?, uint?)>(),
        ArbMap.Default.ArbFor<(uint?, uint?, uint?, byte)>(),
        (first, second) =>
        {
            (uint? input, uint? read, uint? write, uint? oneHour) = first;
            (uint? output, uint? reasoning, uint? total, byte meaning) = second;
            var raw = new TokenUsage { Input = input, CacheRead = read, CacheWrite = write, CacheWriteOneHour = oneHour, Output = output, Reasoning = reasoning };
            TokenUsage usage = UsageReader.ToOneMeaning(raw, total, Meanings[meaning % Meanings.Length], out string reading);

            return UsageCheck.IsConsistent(usage) && reading.Length > 0 && usage.CacheRead == raw.CacheRead && (usage.Input ?? 0) >= (raw.Input ?? 0) && (usage.Output ?? 0) >= (raw.Output ?? 0)
                && (usage.Input is null || usage.Input >= (usage.CacheRead ?? 0) + (usage.CacheWrite ?? 0)) && (usage.Output is null || usage.Output >= (usage.Reasoning ?? 0));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void What_is_told_apart_and_what_is_told_together_come_to_the_same() => Prop.ForAll(
        ArbMap.Default.ArbFor<(ushort, ushort, ushort, ushort, ushort)>(),
        counts =>
        {
            (long plain, long read, long write, long said, long thought) = counts;
            long sum = plain + read + write + said + thought;
            var together = new TokenUsage { Input = plain + read + write, CacheRead = read, CacheWrite = write, Output = said + thought, Reasoning = thought };
            var apart = new TokenUsage { Input = plain, CacheRead = read, CacheWrite = write, Output = said, Reasoning = thought };

            return UsageReader.ToOneMeaning(together, sum, UsageMeaning.Inclusive, out _) == together
                && UsageReader.ToOneMeaning(apart, sum, UsageMeaning.Disjoint, out _) == together
                && UsageReader.ToOneMeaning(apart, null, UsageMeaning.Disjoint, out _) == together
                && UsageReader.ToOneMeaning(together, null, UsageMeaning.Inclusive, out _) == together
                && UsageReader.ToOneMeaning(apart, sum, UsageMeaning.Inclusive, out _) == together;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Any_number_under_any_name_is_read_without_a_fault() => Prop.ForAll(
        ArbMap.Default.ArbFor<(double, double, double, double, int)>(),
        counts =>
        {
            (double input, double read, double output, double reasoning, int total) = counts;
            foreach ((string key, object value) mark in ((string, object)[])[("gen_ai.system", "anthropic"), ("openinference.span.kind", "LLM"), ("langfuse.observation.type", "generation"), ("ai.operationId", "ai.x.doStream"), ("mlflow.spanType", "LLM")])
            {
                Facts facts = new Emitter().Send(
                    "chat", mark, ("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", input), ("gen_ai.usage.cache_read.input_tokens", read), ("gen_ai.usage.output_tokens", output),
                    ("gen_ai.usage.reasoning_tokens", reasoning), ("gen_ai.usage.total_tokens", total));
                if (facts.Usage.CacheRead > (facts.Usage.Input ?? long.MaxValue) || facts.Usage.Reasoning > (facts.Usage.Output ?? long.MaxValue))
                {
                    return false;
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
}
