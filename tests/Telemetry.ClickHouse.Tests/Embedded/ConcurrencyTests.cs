using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Tests.Embedded;

/// <summary>Tests that fill every place of the engine, and so run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

[Collection(AloneCollection.Name)]
public sealed class ConcurrencyTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_and_writers_at_the_same_time_see_whole_inserts()
    {
        ClickHouseClient client = await engine.NewDatabaseAsync();
        await client.ExecuteAsync("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n", null, Token);
        Task[] writers = [.. Enumerable.Range(0, 2).Select(w => WriteAsync(client, w, 15))];
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => ReadUntilAsync(client, 2 * 15 * 1000))];
        await Task.WhenAll([.. writers, .. readers]);
    }

    [Fact]
    public async Task More_queries_than_places_are_refused_as_retryable()
    {
        Task<ClickHouseException?>[] queries = [.. Enumerable.Range(0, 24).Select(_ => ErrorOfAsync("SELECT sleep(1.5)"))];
        ClickHouseException?[] errors = await Task.WhenAll(queries);
        Assert.Contains(errors, e => e is { Code: 202, IsRetryable: true });
        Assert.Contains(errors, e => e is null);
        Assert.Null(await ErrorOfAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_its_query()
    {
        string name = "gone" + Guid.NewGuid().ToString("N");
        using (var cancel = new CancellationTokenSource(500))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => engine.Client().QueryAsync($"SELECT count() AS {name} FROM system.numbers WHERE number % 7 = 8", null, cancel.Token));
        }

        await EventuallyAsync(async () =>
        {
            ClickHouseResult result = await engine.Client().QueryAsync(
                "SELECT count() AS c FROM system.processes WHERE query LIKE {name:String} AND query NOT LIKE '%system.processes%'",
                new Dictionary<string, object?> { ["name"] = "%" + name + "%" },
                Token);
            return result.Rows[0].GetInt64("c") == 0;
        });
    }

    private static async Task WriteAsync(ClickHouseClient client, int writer, int blocks)
    {
        for (int b = 0; b < blocks; b++)
        {
            var n = new NumberColumn<ulong>("n");
            for (int i = 0; i < 1000; i++)
            {
                n.Append((ulong)((((writer * blocks) + b) * 1000) + i));
            }

            await client.InsertAsync("t", new NativeBlock([n]), $"{writer}-{b}", Token);
        }
    }

    private static Task ReadUntilAsync(ClickHouseClient client, long rows) => EventuallyAsync(async () =>
    {
        ClickHouseResult result = await client.QueryAsync("SELECT count() AS c, uniqExact(n) AS u FROM t", null, Token);
        long count = result.Rows[0].GetInt64("c");
        Assert.Equal(0, count % 1000);
        Assert.Equal(count, result.Rows[0].GetInt64("u"));
        return count == rows;
    });

    private async Task<ClickHouseException?> ErrorOfAsync(string sql)
    {
        try
        {
            await engine.Client().QueryAsync(sql, null, Token);
            return null;
        }
        catch (ClickHouseException e)
        {
            return e;
        }
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}
