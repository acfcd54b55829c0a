using FsCheck;
using FsCheck.Fluent;
using Telemetry.Otlp;
using static Telemetry.Processor.Tests.Attribution.TraceSpans;

namespace Telemetry.Processor.Tests.Attribution;

public sealed class BilledOnceTests
{
    [Fact]
    public void A_wrapper_that_repeats_the_usage_of_its_calls_is_not_billed_whichever_arrives_first()
    {
        Span agent = Make(1, 0, "invoke_agent", 0, 100, 70, 20);
        Span first = Make(2, 1, "chat", 10, 40, 30);
        Span second = Make(3, 1, "chat", 50, 90, 40);

        Assert.Equal([2, 3], new Bill().Batch(first, second, agent).Billed);
        Assert.Equal([2, 3], new Bill().Batch(agent, first, second).Billed);
        Bill late = new Bill().Batch(agent).Batch(first).Batch(second);
        Assert.Equal([2, 3], late.Billed);
        Assert.Equal(1, late.Corrections);
        Assert.Equal("wrapper", late.Reasons[1]);
    }

    [Fact]
    public void A_span_with_usage_above_a_span_with_usage_is_a_wrapper_whatever_it_calls_itself()
    {
        Span outer = Make(1, 0, "chat", 0, 100, 70, 20);
        Span inner = Make(2, 1, "chat", 10, 40, 30);
        Span other = Make(3, 1, "chat", 50, 90, 40);

        Bill bill = new Bill().Batch(outer).Batch(inner).Batch(other);

        Assert.Equal([2, 3], bill.Billed);
        Assert.All(bill.Calls.Values, rows => Assert.InRange(rows, 0, 1));
    }

    [Fact]
    public void The_chain_of_parents_is_followed_through_spans_without_usage()
    {
        Bill bill = new Bill().Batch(Make(1, 0, "chat", 0, 100, 30)).Batch(Make(3, 2, "chat", 20, 80, 30)).Batch(Make(2, 1, "execute_tool", 10, 90));

        Assert.Equal([3], bill.Billed);
    }

    [Fact]
    public void A_wrapper_whose_calls_nobody_reports_is_billed_until_one_is()
    {
        Bill bill = new Bill().Batch(Make(1, 0, "invoke_agent", 0, 100, 70));
        Assert.Equal([1], bill.Billed);

        bill.Batch(Make(2, 1, "chat", 10, 40, 70));
        Assert.Equal([2], bill.Billed);
    }

    [Fact]
    public void A_wrapper_that_began_before_what_is_remembered_is_not_billed()
    {
        var bill = new Bill(capacity: 1000);
        bill.Batch([.. Enumerable.Range(10, 1500).Select(i => Make(i, 0, "execute_tool", i, i + 1))]);

        Assert.Empty(bill.Batch(Make(1, 0, "invoke_agent", 5, 100_000, 70)).Billed);
        Assert.Equal([2], bill.Batch(Make(2, 0, "invoke_agent", 50_000, 100_000, 70)).Billed);
    }

    [Fact]
    public void One_call_that_two_instrumentations_report_one_inside_the_other_is_billed_once_and_by_the_one_that_tells_more()
    {
        Span outer = Make(1, 0, "chat", 0, 100, 100, 10, ("gen_ai.usage.cache_read.input_tokens", 60));
        Span inner = Make(2, 1, "chat", 10, 90, 100, 10);

        Assert.Equal([1], new Bill().Batch(("a", outer), ("b", inner)).Billed);
        Assert.Equal([1], new Bill().Batch(("b", inner)).Batch(("a", outer)).Billed);
        Assert.Equal([1], new Bill().Batch(("a", outer)).Batch(("b", inner)).Billed);
        Assert.Equal([2], new Bill().Batch(("a", Make(1, 0, "chat", 0, 100, 100)), ("b", inner)).Billed);
    }

    [Fact]
    public void A_report_without_usage_inside_one_with_usage_is_the_same_call()
    {
        Span outer = Make(1, 0, "chat", 0, 100, 100);
        Span silent = Make(2, 1, "chat", 10, 90);

        Bill bill = new Bill().Batch(("b", silent)).Batch(("a", outer));

        Assert.Equal([1], bill.Billed);
        Assert.Equal("same_call", bill.Reasons[2]);
    }

    [Fact]
    public void A_failed_attempt_inside_a_call_stays_a_call_of_its_own()
    {
        Span outer = Make(1, 0, "chat", 0, 100, 100);
        Span failed = Make(2, 1, "chat", 10, 20).Failed();
        Span good = Make(3, 1, "chat", 30, 90, 100);

        Assert.Equal([2, 3], new Bill().Batch(failed, good, outer).Billed);
        Assert.Equal([1, 2], new Bill().Batch(failed, outer).Billed);
    }

    [Fact]
    public void Two_reports_with_the_same_response_id_are_one_call_though_neither_is_inside_the_other()
    {
        Span a = Make(1, 0, "chat", 0, 100, 100, 10, ("gen_ai.response.id", "r-1"));
        Span b = Make(2, 9, "chat", 10, 90, 100, 10, ("gen_ai.response.id", "r-1"), ("gen_ai.usage.cache_read.input_tokens", 5));

        Assert.Equal([2], new Bill().Batch(a, b).Billed);
        Assert.Equal([2], new Bill().Batch(a).Batch(b).Billed);
    }

    [Fact]
    public void The_same_response_id_one_after_the_other_is_two_calls()
    {
        Span a = Make(1, 0, "chat", 0, 100, 100, 10, ("gen_ai.response.id", "mock"));
        Span b = Make(2, 0, "chat", 200, 300, 100, 10, ("gen_ai.response.id", "mock"));

        Assert.Equal([1, 2], new Bill().Batch(a, b).Billed);
    }

    [Fact]
    public void Siblings_of_two_instrumentations_at_the_same_time_with_the_same_tokens_are_one_call()
    {
        Span a = Make(2, 1, "chat", 0, 100, 100);
        Span b = Make(3, 1, "chat", 5, 98, 100);

        Assert.Equal([3], new Bill().Batch(("ai", a), ("openinference", b)).Billed);
        Assert.Equal([3], new Bill().Batch(("openinference", b)).Batch(("ai", a)).Billed);
    }

    [Fact]
    public void Parallel_calls_of_one_instrumentation_are_never_taken_for_one()
    {
        Span[] fanOut = [.. Enumerable.Range(2, 20).Select(i => Make(i, 1, "chat", 0, 100, 100))];

        Assert.Equal(20, new Bill().Batch(fanOut).Billed.Length);
    }

    [Fact]
    public void A_sibling_with_other_tokens_or_another_model_is_another_call()
    {
        Span a = Make(2, 1, "chat", 0, 100, 100);
        Span other = Make(3, 1, "chat", 5, 98, 101);
        Span model = Make(4, 1, "chat", 5, 98, 100, 10, ("gen_ai.request.model", "gpt-4o"));

        Assert.Equal([2, 3, 4], new Bill().Batch(("a", a), ("b", other), ("c", model)).Billed);
    }

    [Fact]
    public void The_servers_view_of_a_call_is_not_a_second_bill_whichever_arrives_first()
    {
        Span client = Make(1, 0, "chat", 0, 100, 100);
        Span server = Make(2, 1, "chat", 20, 80, 100).Server();

        foreach (Bill bill in (Bill[])[new Bill().Batch(client, server), new Bill().Batch(server).Batch(client), new Bill().Batch(client).Batch(server)])
        {
            Assert.Equal([1], bill.Billed);
            Assert.Equal("server_side", bill.Reasons[2]);
        }
    }

    [Fact]
    public void A_server_whose_client_is_not_traced_is_billed()
    {
        Assert.Equal([2], new Bill().Batch(Make(2, 1, "chat", 20, 80, 100).Server()).Billed);
    }

    [Fact]
    public void A_server_is_matched_by_time_and_tokens_where_the_spans_between_were_let_go()
    {
        Span client = Make(1, 0, "chat", 0, 100, 100);
        Span server = Make(2, 77, "chat", 20, 80, 100).Server();
        Span foreign = Make(3, 78, "chat", 20, 80, 55).Server();

        Assert.Equal([1, 3], new Bill().Batch(client, server, foreign).Billed);
    }

    [Fact]
    public void A_gateway_between_is_passed_through_to_the_call_that_the_gateway_makes()
    {
        Span app = Make(1, 0, "chat", 0, 100, 100);
        Span gateway = Make(2, 1, "chat", 10, 90, 100).Server();
        Span upstream = Make(3, 2, "chat", 20, 80, 100);

        Assert.Equal([3], new Bill().Batch(app, gateway, upstream).Billed);
        Assert.Equal([3], new Bill().Batch(upstream).Batch(gateway).Batch(app).Billed);
    }

    [Fact]
    public void A_wrapper_over_a_broken_chain_is_known_by_the_sum_of_tokens()
    {
        Span outer = Make(1, 0, "chat", 0, 100, 70, 20);
        Span first = Make(2, 55, "chat", 10, 40, 30);
        Span second = Make(3, 55, "chat", 50, 90, 40);

        Assert.Equal([2, 3], new Bill().Batch(("app", outer), ("sdk", first), ("sdk", second)).Billed);
    }

    [Fact]
    public void What_an_exporter_sends_again_is_dropped_in_the_same_batch_and_later()
    {
        Span call = Make(1, 0, "chat", 0, 100, 100);

        Bill bill = new Bill().Batch(call, call).Batch(call);

        Assert.Equal([1], bill.Billed);
        Assert.Equal(2, bill.Dropped);
    }

    [Fact]
    public void Parents_in_a_circle_and_a_span_that_is_its_own_parent_end_well()
    {
        Bill bill = new Bill().Batch(Make(1, 2, "chat", 0, 100, 100), Make(2, 1, "chat", 0, 100, 50), Make(3, 3, "chat", 0, 100, 10));

        Assert.Contains(3, bill.Billed);
        Assert.NotEmpty(bill.Billed);
    }

    [Fact]
    public void A_trace_of_ten_thousand_spans_is_billed_in_any_order_of_batches()
    {
        var spans = new List<Span> { Make(1, 0, "invoke_agent", 0, 1_000_000, 100_000, 100_000) };
        for (int i = 0; i < 5000; i++)
        {
            spans.Add(Make(10 + (2 * i), 1, "agent_step", i * 100, (i * 100) + 90, 20));
            spans.Add(Make(11 + (2 * i), 10 + (2 * i), "chat", (i * 100) + 10, (i * 100) + 80, 20));
        }

        var bill = new Bill(capacity: 20_000);
        foreach (Span[] chunk in spans.Chunk(1000))
        {
            bill.Batch(chunk);
        }

        Assert.Equal(5000, bill.Billed.Length);
    }

    [Fact]
    public void Any_tree_of_wrappers_and_calls_is_billed_at_its_leaves_in_any_order_and_any_batches() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte[] Parents, int Seed)>(),
        given =>
        {
            (List<Span> spans, HashSet<int> leaves) = Tree(given.Parents ?? []);
            var random = new Random(given.Seed);
            Span[] shuffled = [.. spans];
            random.Shuffle(shuffled);
            var bill = new Bill();
            for (int at = 0; at < shuffled.Length;)
            {
                int size = random.Next(1, 4);
                bill.Batch([.. shuffled.Skip(at).Take(size)]);
                at += size;
            }

            return bill.Billed.SequenceEqual(leaves.Order()) && bill.Calls.Values.All(rows => rows is 0 or 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    // Span i+1 hangs below one of the spans before it; who has nothing below is a call, everybody else repeats usage.
    private static (List<Span> Spans, HashSet<int> Leaves) Tree(byte[] parents)
    {
        int count = Math.Min(parents.Length, 25) + 1;
        int[] parentOf = [0, 0, .. Enumerable.Range(2, count - 1).Select(i => 1 + (parents[i - 2] % (i - 1)))];
        var leaves = Enumerable.Range(1, count).Where(i => !parentOf.Skip(1).Take(count).Contains(i)).ToHashSet();
        var spans = Enumerable.Range(1, count)
            .Select(i => Make(i, parentOf[i], leaves.Contains(i) ? "chat" : (i % 2 == 0 ? "chat" : "invoke_agent"), i, 1000 - i, 100 + i, 10)).ToList();
        return (spans, leaves);
    }
}
