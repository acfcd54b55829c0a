using Google.Protobuf;
using Telemetry.ClickHouse.Client;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Tests.Stages;
using Telemetry.Processor.Write;

namespace Telemetry.Processor.Tests.Write;

/// <summary>Judgements on spans, in the words of each dialect, on the real engine.</summary>
public sealed class ToldScoreTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private const string Own = "0909090909090909";
    private const string Parent = "0505050505050505";

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public static TheoryData<string, (string Key, object Value)[], string[]> Dialects => new()
    {
        {
            "openinference",
            [
                ("openinference.span.kind", "LLM"), ("annotations.0.annotation.name", "helpful"), ("annotations.0.annotation.score", 0.25), ("annotations.0.annotation.annotator_kind", "HUMAN"),
                ("annotations.0.annotation.identifier", "ann"), ("annotations.0.annotation.explanation", "vague"), ("annotations.1.annotation.name", "toxic"), ("annotations.1.annotation.label", "no"),
                ("trace.evaluations.0.evaluation.name", "solved"), ("trace.evaluations.0.evaluation.score", 1.0), ("trace.evaluations.0.evaluation.annotator_kind", "LLM"),
            ],
            [$"helpful|human|ann|0.25||vague|{Own}", "solved|event||1|||", $"toxic|event|||no||{Own}"]
        },
        {
            "evaluator span",
            [("openinference.span.kind", "EVALUATOR"), ("evaluations.0.evaluation.name", "grounded"), ("evaluations.0.evaluation.score", 0.5), ("evaluations.0.evaluation.label", "partly")],
            [$"grounded|event||0.5|partly||{Parent}"]
        },
        {
            "logfire",
            [("logfire.span_type", "annotation"), ("feedback.name", "correct"), ("feedback.assertion", true), ("feedback.comment", "as asked")],
            [$"correct|event||1||as asked|{Parent}"]
        },
        { "none", [("feedback.name", "an app's own"), ("feedback.score", 3.0), ("gen_ai.operation.name", "chat")], [] },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_dialects_judgements_are_scores_of_the_span_that_was_judged(string dialect, (string Key, object Value)[] attributes, string[] expected)
    {
        Assert.NotEmpty(dialect);
        Span span = StageRun.Chat(attributes);
        span.ParentSpanId = ByteString.CopyFrom(Enumerable.Repeat((byte)5, 8).ToArray());
        Assert.Equal(expected, await RowsAsync(span));
    }

    [Fact]
    public async Task An_evaluation_event_on_a_span_is_a_score_of_that_span()
    {
        Span span = StageRun.Chat(("gen_ai.operation.name", "chat"));
        var told = new Span.Types.Event { Name = "gen_ai.evaluation.result", TimeUnixNano = 1 };
        told.Attributes.Add(new KeyValue { Key = "gen_ai.evaluation.name", Value = new AnyValue { StringValue = "relevance" } });
        told.Attributes.Add(new KeyValue { Key = "gen_ai.evaluation.score.value", Value = new AnyValue { DoubleValue = 0.9 } });
        span.Events.Add(told);
        Assert.Equal([$"relevance|event||0.9|||{Own}"], await RowsAsync(span));
    }

    private async Task<IEnumerable<string>> RowsAsync(Span span)
    {
        await clickHouse.Client.ExecuteAsync("TRUNCATE TABLE llm_scores", null, _cancellation);
        var keys = new AttributeKeys();
        var rows = new ToldScoreRows(keys, new ResourceKeys(keys), 0);
        var batch = new SpanBatch(keys);
        new SpanDecoder(batch).Decode(StageRun.Record(span), 1);
        rows.Append(batch.Items[0]);
        await clickHouse.Client.InsertAsync("llm_scores", rows.Block, null, _cancellation);
        ClickHouseResult result = await clickHouse.Client.QueryAsync(
            "SELECT concat(name, '|', source, '|', author, '|', ifNull(toString(value), ''), '|', label, '|', explanation, '|', span_id) AS row, score_id FROM llm_scores_now ORDER BY name", null, _cancellation);
        Assert.All(result.Rows, r => Assert.Equal(32, r.GetString("score_id").Length));
        return [.. result.Rows.Select(r => r.GetString("row"))];
    }
}
