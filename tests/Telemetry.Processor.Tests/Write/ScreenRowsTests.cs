using System.Globalization;
using Telemetry.ClickHouse.Client;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Screen;
using Telemetry.Processor.Tests.Stages;
using Telemetry.Processor.Write;

namespace Telemetry.Processor.Tests.Write;

/// <summary>What screening leaves in ClickHouse, on the real engine.</summary>
public sealed class ScreenRowsTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Findings_are_scores_of_rules_and_a_replayed_batch_adds_none()
    {
        var keys = new AttributeKeys();
        var batch = new SpanBatch(keys);
        var normalize = new NormalizeStage(keys);
        var screen = new ScreenStage(new CallMessages(keys), new ScreenOptions());
        var rows = new RuleScoreRows(new ResourceKeys(keys), 0);
        new SpanDecoder(batch).Decode(StageRun.Record(StageRun.Chat(
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.id", "r-7"), ("gen_ai.response.finish_reasons", new[] { "length" }),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"mail ann@example.com"}]}]"""))), 1);
        normalize.Process(batch.Items);
        batch.Items[0].IsCall = true;
        screen.Process(batch.Items);
        rows.Append(batch.Items[0]);

        await clickHouse.Client.InsertAsync("llm_scores", rows.Block, "replayed", _cancellation);
        await clickHouse.Client.InsertAsync("llm_scores", rows.Block, "replayed", _cancellation);

        ClickHouseResult result = await clickHouse.Client.QueryAsync(
            "SELECT name, source, label, toString(value) AS value, response_id, service FROM llm_scores ORDER BY name", new Dictionary<string, object?>(), _cancellation);
        Assert.Equal(
            ["pii_answer_email|rule||1|r-7|shop", "truncated|rule|finish_reason|1|r-7|shop"],
            result.Rows.Select(r => string.Join('|', r.GetString("name"), r.GetString("source"), r.GetString("label"), r.GetString("value"), r.GetString("response_id"), r.GetString("service"))));
    }

    [Fact]
    public async Task An_answer_of_unusual_length_is_told_against_its_prompt_version()
    {
        // Sixty answers of about a hundred tokens, one of a thousand, one of three; and another version that always answers a thousand.
        await clickHouse.Client.ExecuteAsync(
            """
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, prompt_name, prompt_version, status, output_tokens)
            SELECT now() - 60, leftPad(toString(number), 32, '0'), leftPad(toString(number), 16, '0'), 'default', 'shop', 'triage', if(number < 100, '1', '2'), 'ok',
                multiIf(number = 60, 1000, number = 61, 3, number >= 100, 1000, 95 + number % 10)
            FROM numbers(160) WHERE number < 62 OR number >= 100
            """,
            new Dictionary<string, object?>(),
            _cancellation);

        ClickHouseResult result = await clickHouse.Client.QueryAsync(
            "SELECT toString(output_tokens) AS tokens, prompt_version, round(shift, 1) AS shift FROM llm_length_shift ORDER BY output_tokens", new Dictionary<string, object?>(), _cancellation);

        Assert.Equal(["3|1|-4.7", "1000|1|3.3"], result.Rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.GetString("tokens")}|{r.GetString("prompt_version")}|{r.GetDouble("shift")}")));
    }
}
