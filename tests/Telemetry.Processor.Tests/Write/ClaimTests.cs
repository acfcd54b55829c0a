using System.Collections.Concurrent;
using Telemetry.Processor.Write;

namespace Telemetry.Processor.Tests.Write;

/// <summary>Several Processors believe that a partition is theirs; each offset is written under one token all the same.</summary>
public sealed class ClaimTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_was_overtaken_may_note_but_not_insert_and_its_note_does_not_count()
    {
        var lane = new NamedLane(nameof(Who_was_overtaken_may_note_but_not_insert_and_its_note_does_not_count));
        var notes = new BatchNotes(clickHouse.Client, "processor");
        LaneClaim late = await notes.ClaimAsync(lane, _cancellation);
        await notes.NoteAsync(lane, late, new NotedRange(0, 10), 1, 1, 0, _cancellation);

        LaneClaim successor = await notes.ClaimAsync(lane, _cancellation);
        Assert.True(successor.CompareTo(late) > 0);
        Assert.Equal([new NotedRange(0, 10)], await notes.NotedFromAsync(lane, 0, _cancellation));
        LaneOvertakenException refusal = await Assert.ThrowsAsync<LaneOvertakenException>(() => notes.NoteAsync(lane, late, new NotedRange(10, 20), 1, 1, 0, _cancellation));
        Assert.Contains("llm.spans/3", refusal.Message, StringComparison.Ordinal);
        await notes.NoteAsync(lane, successor, new NotedRange(10, 15), 1, 1, 0, _cancellation);

        Assert.Equal([new NotedRange(0, 10), new NotedRange(10, 15)], await notes.NotedFromAsync(lane, 0, _cancellation));
        Assert.Equal([new NotedRange(10, 15)], await notes.NotedFromAsync(lane, 10, _cancellation));
    }

    [Fact]
    public async Task A_log_of_one_process_needs_no_claims()
    {
        var lane = new NamedLane(nameof(A_log_of_one_process_needs_no_claims), isExclusive: true);
        var notes = new BatchNotes(clickHouse.Client, "processor");
        Assert.Equal(LaneClaim.Exclusive, await notes.ClaimAsync(lane, _cancellation));
        await notes.NoteAsync(lane, LaneClaim.Exclusive, new NotedRange(0, 7, "3d"), 1, 1, 0, _cancellation);
        Assert.Equal([new NotedRange(0, 7, "3d")], await notes.NotedFromAsync(lane, 0, _cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Every_offset_is_inserted_under_one_range_however_processors_get_in_each_others_way(int seed)
    {
        const int Processors = 3;
        const int Records = 60;
        var lane = new NamedLane($"race-{seed}");
        var inserted = new ConcurrentDictionary<NotedRange, bool>();
        int overtaken = 0;

        // Each stops for good when it is overtaken a few times, as one that hears of the loss of its partition; the last one comes after all of them.
        await Task.WhenAll(Enumerable.Range(0, Processors).Select(p => Task.Run(() => WorkAsync(new Random((seed * 100) + p), 2))));
        await WorkAsync(new Random(seed), int.MaxValue);

        int[] times = new int[Records];
        foreach (NotedRange range in inserted.Keys)
        {
            for (long offset = range.First; offset < range.Next; offset++)
            {
                times[offset]++;
            }
        }

        Assert.All(times, t => Assert.Equal(1, t));
        Assert.True(overtaken > 0, "nobody got in anybody's way");

        async Task WorkAsync(Random random, int mostClaims)
        {
            var notes = new BatchNotes(clickHouse.Client, "processor");
            for (int claims = 0; claims < mostClaims; claims++)
            {
                LaneClaim claim = await notes.ClaimAsync(lane, _cancellation);
                long position = 0;
                try
                {
                    foreach (NotedRange range in await notes.NotedFromAsync(lane, 0, _cancellation))
                    {
                        await notes.NoteAsync(lane, claim, range, 1, 1, 0, _cancellation);
                        inserted[range] = true;
                        position = range.Next;
                    }

                    while (position < Records)
                    {
                        var range = new NotedRange(position, Math.Min(Records, position + random.Next(1, 8)));
                        await notes.NoteAsync(lane, claim, range, 1, 1, 0, _cancellation);
                        inserted[range] = true;
                        position = range.Next;
                    }

                    return;
                }
                catch (LaneOvertakenException)
                {
                    Interlocked.Increment(ref overtaken);
                }
            }
        }
    }
}
