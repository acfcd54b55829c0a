using FsCheck;
using FsCheck.Fluent;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Score;

namespace Telemetry.Judge.Tests.Score;

public sealed class ConversationTests
{
    [Fact]
    public void Messages_become_texts_and_what_tools_gave_back_is_context()
    {
        JudgeSubject subject = Conversation.Of(
            """[{"type":"text","content":"Be short."}]""",
            """
            [{"role":"user","parts":[{"type":"text","content":"Weather?"}]},
             {"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"weather","arguments":{"city":"Paris"}}]},
             {"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":"rainy, 57 F"}]}]
            """,
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"It rains."}],"finish_reason":"stop"}]""",
            ["""["Paris is in France.","rainy, 57 F"]"""]);
        Assert.Equal("It rains.", subject.Answer.Trim());
        Assert.Contains("system: Be short.", subject.Request, StringComparison.Ordinal);
        Assert.Contains("user: Weather?", subject.Request, StringComparison.Ordinal);
        Assert.Contains("""[calls weather {"city":"Paris"}]""", subject.Request, StringComparison.Ordinal);
        Assert.Equal("rainy, 57 F\n\nParis is in France.", subject.Context);
    }

    [Fact]
    public void What_is_not_of_that_shape_is_taken_as_it_stands()
    {
        JudgeSubject subject = Conversation.Of("", "plain question", "{not json", []);
        Assert.Equal(("plain question", "{not json", null), (subject.Request, subject.Answer, subject.Context));
    }

    [Fact]
    public void No_stored_text_breaks_it()
    {
        Gen<string> pieces = Gen.Elements("[", "]", "{", "}", "\"role\":", "\"parts\":", "\"type\":\"text\"", "\"content\":", "\"\\ud800\"", "null", "1e99", ",", "true", "\"a\"", "\"tool_call_response\"");
        Prop.ForAll(pieces.ListOf().Select(p => string.Concat(p)).ToArbitrary(), text => Conversation.Of(text, text, text, [text]) is not null).QuickCheckThrowOnFailure();
    }
}
