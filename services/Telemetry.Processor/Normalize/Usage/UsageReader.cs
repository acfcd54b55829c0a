using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;

namespace Telemetry.Processor.Normalize.Usage;

/// <summary>
/// Reads token counts and brings them to one meaning: input includes cached tokens, output includes reasoning. What the numbers prove outranks what the
/// dialect is known to do, because adapters differ.
/// </summary>
internal static class UsageReader
{
    // No model takes or gives this many tokens in a call; a larger count is garbage, and sums of it would overflow.
    private const long MostTokens = 1_000_000_000_000;

    /// <summary>Fills in <see cref="LlmCall.Usage"/>, where it comes from and how it was read.</summary>
    public static void Read(FieldValues fields, UsageMeaning meaning, LlmCall call)
    {
        long? fiveMinutes = Count(fields[Field.CacheWriteFiveMinutes], call);
        var raw = new TokenUsage
        {
            Input = Count(fields[Field.InputTokens], call),
            CacheRead = Count(fields[Field.CacheRead], call),
            CacheWrite = Count(fields[Field.CacheWrite], call),
            CacheWriteOneHour = Count(fields[Field.CacheWriteOneHour], call),
            Output = Count(fields[Field.OutputTokens], call),
            Reasoning = Count(fields[Field.Reasoning], call),
            AudioInput = Count(fields[Field.AudioInput], call),
            AudioOutput = Count(fields[Field.AudioOutput], call),
            ImageInput = Count(fields[Field.ImageInput], call),
            ImageOutput = Count(fields[Field.ImageOutput], call),
        };
        AddAllWrites(ref raw, fiveMinutes);
        call.Usage = ToOneMeaning(raw, Count(fields[Field.TotalTokens], call), meaning, out string reading);
        if (!UsageCheck.IsConsistent(call.Usage))
        {
            call.Flag(Flags.InconsistentUsage);
        }

        bool reported = call.Usage.Input is not null || call.Usage.Output is not null;
        call.TokensSource = reported ? TokensSource.Reported : TokensSource.Unknown;
        call.UsageReading = reported ? reading : "";
    }

    /// <summary>The counts in the meaning kept here; <paramref name="reading"/> says what was added.</summary>
    internal static TokenUsage ToOneMeaning(TokenUsage raw, long? total, UsageMeaning meaning, out string reading)
    {
        AddAllWrites(ref raw, fiveMinutes: null);
        AddReasoningOfTotal(ref raw, total, meaning);
        long cache = (raw.CacheRead ?? 0) + (raw.CacheWrite ?? 0);
        long reasoning = raw.Reasoning ?? 0;
        bool addCache = cache > 0 && raw.Input is { } input && (cache > input || meaning.InputExcludesCache || ProvesApart(raw, total, cache, reasoning));
        bool addReasoning = reasoning > 0 && raw.Output is { } output
            && (reasoning > output || (meaning.OutputExcludesReasoning && !ProvesWithin(raw, total, meaning)) || ProvesReasoningApart(raw, total, reasoning));
        reading = (addCache, addReasoning) switch
        {
            (true, true) => UsageReadings.CacheAndReasoningAdded,
            (true, false) => UsageReadings.CacheAdded,
            (false, true) => UsageReadings.ReasoningAdded,
            _ => UsageReadings.AsReported,
        };
        return !addCache && !addReasoning ? raw : raw with
        {
            Input = addCache ? raw.Input + cache : raw.Input,
            Output = addReasoning ? raw.Output + reasoning : raw.Output,
        };
    }

    // The shares of five minutes and of one hour may stand without their sum, or with a sum of 0 beside them (LangChain).
    private static void AddAllWrites(ref TokenUsage raw, long? fiveMinutes)
    {
        long? shares = fiveMinutes is null ? raw.CacheWriteOneHour : fiveMinutes + (raw.CacheWriteOneHour ?? 0);
        if (shares > (raw.CacheWrite ?? -1))
        {
            raw = raw with { CacheWrite = shares };
        }
    }

    // Gemini's emitters that know the candidates only: what the provider's total has beyond input and output was thought.
    private static void AddReasoningOfTotal(ref TokenUsage raw, long? total, UsageMeaning meaning)
    {
        if (meaning.TotalIsProviders && raw.Reasoning is null && total - raw.Input - raw.Output is { } thought and > 0)
        {
            raw = raw with { Reasoning = thought };
        }
    }

    // A total of all buckets proves that they are disjoint. A total of input and output proves nothing: emitters add up what they have.
    private static bool ProvesApart(in TokenUsage raw, long? total, long cache, long reasoning) =>
        total is { } sum && raw.Output is { } output && (sum == raw.Input + cache + output || (reasoning > 0 && sum == raw.Input + cache + output + reasoning));

    private static bool ProvesReasoningApart(in TokenUsage raw, long? total, long reasoning) =>
        total is { } sum && raw.Input is { } input
        && (sum == input + raw.Output + reasoning || sum == input + raw.Output + reasoning + (raw.CacheRead ?? 0) + (raw.CacheWrite ?? 0));

    // The provider's own total leaves no room for reasoning beside the output.
    private static bool ProvesWithin(in TokenUsage raw, long? total, UsageMeaning meaning) => meaning.TotalIsProviders && total == raw.Input + raw.Output;

    private static long? Count(in AttributeValue told, LlmCall call)
    {
        if (told.Kind == ValueKind.None)
        {
            return null;
        }

        AttributeValue value = told;

        if (value.Text is [(byte)'"', ..])
        {
            value = AttributeValue.OfText(JsonFields.Unquote(value.TextMemory));
        }

        if (value.TryGetInteger(out long count) && count is >= 0 and <= MostTokens)
        {
            return count;
        }

        if (!value.Text.SequenceEqual("null"u8) && !value.Text.SequenceEqual("None"u8))
        {
            call.Flag(Flags.InvalidTokenCount);
        }

        return null;
    }
}
