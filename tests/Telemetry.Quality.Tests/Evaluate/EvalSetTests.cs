using Telemetry.Quality.Evaluate;

namespace Telemetry.Quality.Tests.Evaluate;

public class EvalSetTests
{
    [Theory]
    [InlineData("""{"contains":"paris"}""", "It is Paris.", true)]
    [InlineData("""{"contains":["paris","france"]}""", "It is Paris.", false)]
    [InlineData("""{"not_contains":"london"}""", "It is Paris.", true)]
    [InlineData("""{"not_contains":"paris"}""", "It is Paris.", false)]
    [InlineData("""{"equals":"Paris"}""", " Paris\n", true)]
    [InlineData("""{"equals":"Paris"}""", "paris", false)]
    [InlineData("""{"regex":"^\\d{4}-\\d{2}$"}""", "2026-11", true)]
    [InlineData("""{"regex":"^\\d{4}-\\d{2}$"}""", "in 2026-11", false)]
    [InlineData("""{"regex":"^(a+)+$"}""", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", false)]
    [InlineData("""{"json_schema":{"type":"object","required":["city"],"properties":{"city":{"type":"string"}}}}""", """{"city":"Paris"}""", true)]
    [InlineData("""{"json_schema":{"type":"object","required":["city"]}}""", """{"town":"Paris"}""", false)]
    [InlineData("""{"json_schema":{"type":"object"}}""", "Paris", false)]
    [InlineData("""{"max_tokens":20}""", "x", true)]
    [InlineData("""{"max_tokens":19}""", "x", false)]
    [InlineData("""{"max_latency_ms":100}""", "x", true)]
    [InlineData("""{"max_latency_ms":99}""", "x", false)]
    [InlineData("""{"tool_called":"search"}""", "", true)]
    [InlineData("""{"tool_called":"book"}""", "", false)]
    [InlineData("""{"refusal":true}""", "I'm sorry, but I can't help with that.", true)]
    [InlineData("""{"refusal":false}""", "I'm sorry, but I can't help with that.", false)]
    [InlineData("""{"refusal":false}""", "Of course: here it is.", true)]
    [InlineData("""{"language":"german"}""", "Das ist nicht der Fall, und ich werde auch nicht sagen, dass es mit der Zeit besser wird oder wie sich das für die anderen auswirkt.", true)]
    [InlineData("""{"language":"english"}""", "Das ist nicht der Fall, und ich werde auch nicht sagen, dass es mit der Zeit besser wird oder wie sich das für die anderen auswirkt.", false)]
    public void Each_expectation_holds_or_tells_why_not(string expect, string text, bool holds)
    {
        EvalCase one = Assert.Single(EvalSetReader.Parse("set", [$$"""{"id":"a","input":"?","expect":{{expect}}}"""]));
        var answer = new EvalAnswer { Text = text, OutputTokens = 20, Latency = TimeSpan.FromMilliseconds(100), Tools = text.Length == 0 ? ["search"] : [] };
        string?[] broken = [.. one.Expectations.Select(e => e.Broken(answer)).Where(b => b is not null)];
        Assert.Equal(holds, broken.Length == 0);
    }

    [Fact]
    public void All_that_is_wrong_is_told_with_its_line_and_what_is_allowed()
    {
        string[] lines =
        [
            "# cases", "", """{"id":"a","input":"?","expect":{"contains":"x"}}""", """{"id":"a","input":"?","expect":{"contains":"x"}}""", "not json", """{"id":"b","expect":{"contains":"x"}}""",
            """{"id":"c","input":"?","expect":{"regex":"("}}""", """{"id":"d","input":"?","expect":{"max_tokens":-1}}""", """{"id":"e","input":"?","expct":{}}""", """{"id":"f","input":"?","expect":{"rubric":{"relevance":2}}}""",
            """{"id":"g","messages":[],"expect":{"refusal":"no"}}""", """{"input":"?","expect":{"language":"klingon"}}""",
        ];
        string message = Assert.Throws<EvalSetException>(() => EvalSetReader.Parse("set.jsonl", lines)).Message;
        foreach (string expected in (string[])
        [
            "set.jsonl:4: id \"a\" is that of line 3; allowed: each id once", "set.jsonl:5: not a JSON object", "set.jsonl:6: neither input nor messages is there", "set.jsonl:7: expect.regex is \"(\"; allowed: a regular expression",
            "set.jsonl:8: expect.max_tokens is -1; allowed: a number above 0", "set.jsonl:9: expct is not known; allowed: id, input", "set.jsonl:9: expect is missing; allowed: an object of one or more of contains",
            "set.jsonl:10: expect.rubric is {\"relevance\":2}; allowed", "set.jsonl:11: messages is []", "set.jsonl:11: expect.refusal is \"no\"; allowed: true, false", "set.jsonl:12: id is \"\"", "set.jsonl:12: expect.language is \"klingon\"; allowed: english",
        ])
        {
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }

        Assert.Contains("there is no case", Assert.Throws<EvalSetException>(() => EvalSetReader.Parse("empty", [])).Message, StringComparison.Ordinal);
    }
}
