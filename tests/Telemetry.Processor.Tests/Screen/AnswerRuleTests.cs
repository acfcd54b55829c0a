using Telemetry.Processor.Screen;

namespace Telemetry.Processor.Tests.Screen;

/// <summary>Rules about the answer as a whole: refusal, emptiness, ends.</summary>
public sealed class AnswerRuleTests
{
    [Theory]
    [InlineData("I'm sorry, but I can't help with that request.")]
    [InlineData("I’m sorry, but I can’t assist with that.")]
    [InlineData("Sorry, I cannot provide instructions for this.")]
    [InlineData("I understand the wish. Unfortunately, I'm unable to help with it.")]
    [InlineData("As an AI language model, I cannot have opinions.")]
    [InlineData("**I can't help with that.**")]
    [InlineData("Es tut mir leid, aber dabei kann ich nicht helfen.")]
    [InlineData("Je suis désolé, mais je ne peux pas vous aider avec cette demande.")]
    [InlineData("Lo siento, pero no puedo ayudarte con eso.")]
    [InlineData("抱歉，我无法提供这类信息。")]
    [InlineData("申し訳ありませんが、その質問にはお答えできません。")]
    [InlineData("К сожалению, я не могу помочь с этим.")]
    public void A_refusal_is_flagged(string answer) => Assert.Contains(ScreenFlags.Refusal, Screened.Answer(answer));

    [Theory]
    [InlineData("I'm sorry to hear that you are ill. Here is what may help.")]
    [InlineData("I can't find the order; which number does it have?")]
    [InlineData("Here is the letter: \"Dear John, I am sorry, but I can't help with the move.\"")]
    [InlineData("The clerk said: I can't help with that. So we left. Then it rained.")]
    [InlineData("You can't assist with that, but he can.")]
    [InlineData("I cannot believe how well this works!")]
    [InlineData("Leider ist der Zug verspätet.")]
    [InlineData("")]
    public void An_answer_that_is_no_refusal_is_not(string answer) => Assert.DoesNotContain(ScreenFlags.Refusal, Screened.Answer(answer));

    [Fact]
    public void The_providers_own_word_for_a_refusal_counts()
    {
        Assert.Contains(ScreenFlags.Refusal, Screened.Call(("gen_ai.response.finish_reasons", new[] { "refusal" })));
        Assert.Contains(ScreenFlags.Refusal, Screened.Call(("gen_ai.output.messages", """[{"role":"assistant","content":null,"refusal":"No."}]""")));
        Assert.DoesNotContain(ScreenFlags.Refusal, Screened.Call(("gen_ai.response.finish_reasons", new[] { "stop" })));
    }

    [Theory]
    [InlineData("length", ScreenFlags.Truncated)]
    [InlineData("max_tokens", ScreenFlags.Truncated)]
    [InlineData("MAX_TOKENS", ScreenFlags.Truncated)]
    [InlineData("FinishReason.MAX_TOKENS", ScreenFlags.Truncated)]
    [InlineData("content_filter", ScreenFlags.ContentFilter)]
    [InlineData("content-filter", ScreenFlags.ContentFilter)]
    [InlineData("SAFETY", ScreenFlags.ContentFilter)]
    [InlineData("PROHIBITED_CONTENT", ScreenFlags.ContentFilter)]
    [InlineData("guardrail_intervened", ScreenFlags.ContentFilter)]
    public void A_finish_reason_is_flagged_in_the_words_of_any_provider(string reason, string flag) =>
        Assert.Equal([flag], Screened.Call(("gen_ai.response.finish_reasons", new[] { "stop", reason })));

    [Theory]
    [InlineData("stop")]
    [InlineData("tool_calls")]
    [InlineData("end_turn")]
    [InlineData("lengthy")]
    [InlineData("")]
    public void An_ordinary_finish_reason_is_not(string reason) => Assert.Empty(Screened.Call(("gen_ai.response.finish_reasons", new[] { reason })));

    [Fact]
    public void An_empty_answer_is_flagged()
    {
        Assert.Equal([ScreenFlags.Empty], Screened.Answer(""));
        Assert.Equal([ScreenFlags.Empty], Screened.Answer(" \n "));
        Assert.Equal([ScreenFlags.Empty], Screened.Call(("gen_ai.output.messages", "[]")));
        Assert.Equal([ScreenFlags.Empty], Screened.Call(("gen_ai.input.messages", Screened.Message("user", "hello")), ("gen_ai.usage.output_tokens", 0)));
    }

    [Fact]
    public void An_answer_that_was_not_recorded_or_says_it_otherwise_is_not_empty()
    {
        Assert.Empty(Screened.Call());
        Assert.Empty(Screened.Call(("gen_ai.usage.output_tokens", 0)));
        Assert.Empty(Screened.Call(("gen_ai.input.messages", Screened.Message("user", "hello"))));
        Assert.Empty(Screened.Call(("gen_ai.output.messages", Screened.ToolCall("search", new { }))));
        Assert.Empty(Screened.Call(("gen_ai.output.messages", "[]"), ("error.type", "timeout")));
        Assert.Empty(Screened.Call(("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"blob","modality":"image","content":"AAAA"}]}]""")));
    }

    [Fact]
    public void An_answer_that_ends_in_a_loop_is_flagged()
    {
        Assert.Equal([ScreenFlags.Repetition], Screened.Answer("First this. " + string.Concat(Enumerable.Repeat("And then I went home again. ", 20))));
        Assert.Equal([ScreenFlags.Repetition], Screened.Answer("Ha" + string.Concat(Enumerable.Repeat("haha", 200))));
        Assert.Equal([ScreenFlags.Repetition], Screened.Answer("intro " + string.Concat(Enumerable.Repeat("one line that is long enough\n", 15)) + "one line that"));
    }

    [Fact]
    public void An_answer_that_repeats_for_a_reason_is_not()
    {
        Assert.Empty(Screened.Answer(new string('-', 400)));
        Assert.Empty(Screened.Answer(string.Concat(Enumerable.Repeat("0, ", 300))));
        Assert.Empty(Screened.Answer(string.Concat(Enumerable.Repeat("| --- ", 100))));
        Assert.Empty(Screened.Answer(string.Concat(Enumerable.Range(0, 60).Select(i => $"item {i} of the list\n"))));
        Assert.Empty(Screened.Answer(string.Concat(Enumerable.Repeat("yes ", 10))));
        Assert.Empty(Screened.Answer(string.Concat(Enumerable.Repeat("la la la. ", 40)) + "And that was the chorus; the second verse tells of the sea."));
    }
}
