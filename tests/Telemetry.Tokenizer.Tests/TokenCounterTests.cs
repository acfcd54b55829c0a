using System.Text;
using Telemetry.TestKit;
using Telemetry.Tokenizer.Counting;
using Telemetry.Tokenizer.Tests.Text;

namespace Telemetry.Tokenizer.Tests;

public class TokenCounterTests
{
    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("gpt-4o-2024-08-06")]
    [InlineData("GPT-4o-mini")]
    [InlineData("openai/gpt-4o")]
    [InlineData("openrouter/openai/gpt-4o:free")]
    [InlineData("openai:gpt-4o")]
    [InlineData("ft:gpt-4o-mini:org::id")]
    [InlineData("ft:gpt-4o-mini-2024-07-18:gpt-4:suffix:id")]
    [InlineData("chatgpt-4o-latest")]
    [InlineData("gpt-4.1")]
    [InlineData("gpt-4.1-nano-2025-04-14")]
    [InlineData("gpt-4.5-preview")]
    [InlineData("gpt-5")]
    [InlineData("gpt-5.1-codex")]
    [InlineData("gpt-5-mini-2025-08-07")]
    [InlineData("o1")]
    [InlineData("o1-preview")]
    [InlineData("o3-mini@2025-01-31")]
    [InlineData("azure/o4-mini")]
    [InlineData("codex-mini-latest")]
    [InlineData("accounts/fireworks/models/gpt-oss-120b")]
    public void Models_of_o200k_base(string model) => AreCounted(model, BytePairEncoding.O200kBase, isApproximate: false);

    [Theory]
    [InlineData("gpt-4")]
    [InlineData("gpt-4-0613")]
    [InlineData("gpt-4-turbo-2024-04-09")]
    [InlineData("gpt-4-32k")]
    [InlineData("openai/gpt-4")]
    [InlineData("ft:gpt-4-0613:org::id")]
    [InlineData("ft:gpt-3.5-turbo-0125:org:o1:id")]
    [InlineData("gpt-3.5-turbo")]
    [InlineData("gpt-35-turbo-16k")]
    [InlineData("text-embedding-3-small")]
    [InlineData("text-embedding-3-large")]
    [InlineData("text-embedding-ada-002")]
    [InlineData("davinci-002")]
    public void Models_of_cl100k_base(string model) => AreCounted(model, BytePairEncoding.Cl100kBase, isApproximate: false);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("/")]
    [InlineData(":::")]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("anthropic.claude-3-opus-20240229-v1:0")]
    [InlineData("gemini-2.5-pro")]
    [InlineData("meta-llama/Llama-3.3-70B")]
    [InlineData("mistral-large")]
    [InlineData("gpt-2")]
    [InlineData("gpt-4x")]
    [InlineData("o1ympics")]
    [InlineData("o10")]
    [InlineData("text-embedding-004")]
    [InlineData("text-davinci-003")]
    public void Other_models_are_approximated(string model) => AreCounted(model, BytePairEncoding.O200kBase, isApproximate: true);

    // The example and its numbers are those of OpenAI's cookbook, "How to count tokens with tiktoken", checked there against the API.
    [Theory]
    [InlineData("gpt-4", 129)]
    [InlineData("gpt-3.5-turbo-0125", 129)]
    [InlineData("gpt-4o", 124)]
    public void A_chat_is_counted_as_the_api_counts_it(string model, int expected)
    {
        ChatTokens chat = TokenCounter.ForModel(model).StartChat();
        chat.Add("system"u8, [], "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."u8);
        chat.Add("system"u8, "example_user"u8, "New synergies will help drive top-line growth."u8);
        chat.Add("system"u8, "example_assistant"u8, "Things working well together will increase revenue."u8);
        chat.Add("system"u8, "example_user"u8, "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."u8);
        chat.Add("system"u8, "example_assistant"u8, "Let's talk later when we're less busy about how to do better."u8);
        chat.Add("user"u8, [], "This late pivot means we don't have time to boil the ocean for the client deliverable."u8);
        Assert.Equal(expected, chat.Total);
    }

    [Fact]
    public void Each_message_is_told_by_itself_and_a_request_without_one_still_opens_the_answer()
    {
        ChatTokens chat = TokenCounter.ForModel("gpt-4o").StartChat();
        Assert.Equal(3, chat.Total);
        Assert.Equal(3 + 1 + 1, chat.Add("user"u8, [], "Hello"u8));
        Assert.Equal(3 + 1 + 1 + 1 + 1, chat.Add("user"u8, "bob"u8, "Hello"u8));
        Assert.Equal(3 + 5 + 7, chat.Total);
    }

    [Fact]
    public void Counting_is_the_same_with_the_cache_and_without()
    {
        foreach (string model in (string[])["gpt-4o", "gpt-4", "claude"])
        {
            TokenCounter counter = TokenCounter.ForModel(model);
            foreach (byte[] text in new MixedText(9).Texts(200_000))
            {
                Assert.Equal(counter.Encoding.Count(text), counter.Count(text));
                Assert.Equal(counter.Encoding.Count(text), counter.Count(text));
            }
        }
    }

    [Fact]
    public void The_cache_stays_bounded_and_keeps_what_is_in_use()
    {
        const int Capacity = 64;
        var cache = new CountCache(Capacity);
        byte[] prompt = Text(-1);
        int expected = BytePairEncoding.O200kBase.Count(prompt);
        Assert.Equal(expected, cache.GetOrCount(BytePairEncoding.O200kBase, prompt));
        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal(BytePairEncoding.O200kBase.Count(Text(i)), cache.GetOrCount(BytePairEncoding.O200kBase, Text(i)));
            Assert.InRange(cache.Count, 1, Capacity);
        }

        Assert.True(cache.Count > Capacity / 4);
    }

    [Fact]
    public void A_repeated_text_does_not_grow_the_cache_and_both_encodings_have_their_own_count()
    {
        var cache = new CountCache(64);
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Съешь ещё этих мягких булок. ", 20)));
        Assert.NotEqual(BytePairEncoding.O200kBase.Count(text), BytePairEncoding.Cl100kBase.Count(text));
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(BytePairEncoding.O200kBase.Count(text), cache.GetOrCount(BytePairEncoding.O200kBase, text));
            Assert.Equal(BytePairEncoding.Cl100kBase.Count(text), cache.GetOrCount(BytePairEncoding.Cl100kBase, text));
        }

        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void Many_threads_share_the_cache()
    {
        const int Capacity = 32;
        var cache = new CountCache(Capacity);
        int[] expected = [.. Enumerable.Range(0, 100).Select(i => BytePairEncoding.Cl100kBase.Count(Text(i)))];
        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            Assert.Equal(expected[i % expected.Length], cache.GetOrCount(BytePairEncoding.Cl100kBase, Text(i % expected.Length)));
            Assert.InRange(cache.Count, 0, Capacity);
        });
    }

    [Fact]
    public void A_repeated_prompt_costs_no_allocation()
    {
        TokenCounter counter = TokenCounter.ForModel("gpt-4o");
        byte[] prompt = Text(7);
        counter.Count(prompt);
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                counter.Count(prompt);
            }
        }));
    }

    private static byte[] Text(int number) => Encoding.UTF8.GetBytes($"{number} {string.Concat(Enumerable.Repeat("You are a helpful assistant. ", 12))}");

    private static void AreCounted(string model, BytePairEncoding encoding, bool isApproximate)
    {
        TokenCounter counter = TokenCounter.ForModel(model);
        Assert.Same(encoding, counter.Encoding);
        Assert.Equal(isApproximate, counter.IsApproximate);
        Assert.Equal(encoding.Count("Straße"u8), counter.Count("Straße"u8));
    }
}
