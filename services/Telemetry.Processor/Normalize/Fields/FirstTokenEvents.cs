using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Fields;

/// <summary>Span events that mark the first token or chunk of a streamed answer: the evidence is their time against the span's own start.</summary>
internal static class FirstTokenEvents
{
    private static readonly (byte[] Name, string Source)[] Names =
    [
        .. ((string[])
        [
            "First Token Stream Event", // OpenInference
            "gen_ai.content.completion.chunk", // OpenLLMetry, one for each chunk
            "llm.content.completion.chunk", // OpenLLMetry before 0.5
            "ai.stream.firstChunk", // Vercel AI SDK
            "mlflow.chunk.item.0", // MLflow
            "new_token", // LangSmith
            "gen_ai.first_token",
        ]).Select(n => (System.Text.Encoding.UTF8.GetBytes(n), "event " + n)),
    ];

    /// <summary>Milliseconds from the start to the earliest such event, negative when it lies before the start; null when there is none.</summary>
    public static double? Find(DecodedSpan span, out string source)
    {
        const double NanosecondsPerMillisecond = 1e6;
        source = "";
        ulong earliest = ulong.MaxValue;
        foreach (DecodedEvent e in span.Events)
        {
            if (e.Time > 0 && e.Time < earliest && SourceOf(e.Name.Span) is { } found)
            {
                (earliest, source) = (e.Time, found);
            }
        }

        return source.Length == 0 ? null : ((double)earliest - span.Start) / NanosecondsPerMillisecond;
    }

    private static string? SourceOf(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] known, string source) in Names)
        {
            if (name.SequenceEqual(known))
            {
                return source;
            }
        }

        return null;
    }
}
