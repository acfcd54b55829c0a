using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Tests.Stages;

namespace Telemetry.Processor.Tests.Dialects.Mixed;

/// <summary>What is remembered of a span's shape is what the dialects would say of the span.</summary>
public sealed class RememberedDialectTests
{
    private static readonly string[] Names = ["chat gpt-4o", "ai.generateText", "claude_code.llm_request", "litellm_request", "agent run"];
    private static readonly string[] Scopes = ["", "my-tracer", "pydantic-ai", "openlit", "logfire.openai", "opentelemetry.instrumentation.bedrock", "Experimental.Microsoft.Extensions.AI"];
    private static readonly object[] Values = ["", "span", "generation", "\"generation\"", "pending_span", "openlit", "chat", 1, true];

    [Fact]
    public void A_remembered_dialect_is_the_one_that_would_be_found()
    {
        const int Spans = 60_000;
        const int KeysOften = 24;
        var keys = new AttributeKeys();
        var dialects = new DialectList(keys);
        var random = new Random(11);
        string[] all = [.. keys.Names];
        string[] often = [.. Enumerable.Range(0, KeysOften).Select(_ => all[random.Next(all.Length)]), "langfuse.observation.type", "logfire.span_type", "telemetry.sdk.name", "gen_ai.operation.name", "gen_ai.request.model"];
        var found = new HashSet<string>();
        foreach (DecodedSpan span in Decoded(keys, Enumerable.Range(0, Spans).Select(_ => Make(random, random.Next(4) == 0 ? all : often))))
        {
            dialects.Fields.Read(span.Attributes);
            ISpanDialect? remembered = dialects.Find(span);
            Assert.Equal(dialects.Ask(span)?.Name, remembered?.Name);
            found.Add(remembered?.Name ?? "");
        }

        Assert.True(found.Count > 10, string.Join(", ", found));
    }

    private static IEnumerable<DecodedSpan> Decoded(AttributeKeys keys, IEnumerable<byte[]> records)
    {
        var batch = new SpanBatch(keys);
        var decoder = new SpanDecoder(batch);
        foreach (byte[] record in records)
        {
            batch.Clear();
            Assert.Null(decoder.Decode(record, offset: 0));
            yield return batch.Items[0].Span;
        }
    }

    private static byte[] Make(Random random, string[] keys)
    {
        const int MostAttributes = 3;
        Span span = StageRun.Chat([.. Enumerable.Range(0, random.Next(MostAttributes + 1)).Select(_ => (Any(random, keys), Any(random, Values)))]);
        span.Name = Any(random, Names);
        var resource = new ResourceSpans { ScopeSpans = { new ScopeSpans { Scope = new InstrumentationScope { Name = Any(random, Scopes) }, Spans = { span } } } };
        if (random.Next(4) == 0)
        {
            resource.Resource = new Resource { Attributes = { new KeyValue { Key = "telemetry.sdk.name", Value = StageRun.Any(Any(random, Values)) } } };
        }

        return Google.Protobuf.MessageExtensions.ToByteArray(new TracesData { ResourceSpans = { resource } });
    }

    private static T Any<T>(Random random, T[] items) => items[random.Next(items.Length)];
}
