using System.Text;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Tests.Client;

public sealed class ClickHouseClientTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parameters_are_bound_whatever_they_hold()
    {
        string nasty = "a'b\\c\t\n\r\0\"`; DROP TABLE x -- é 😀";
        ClickHouseResult result = await engine.Client().QueryAsync(
            """
            SELECT {s:String} AS s, {n:Nullable(Int64)} AS n, {d:Decimal(18, 12)} AS d, {b:Bool} AS b, {t:DateTime64(7, 'UTC')} AS t, {a:Array(String)} AS a,
                   {m:Map(String, Int32)} AS m, {g:UUID} AS g, {day:Date} AS day
            """,
            new Dictionary<string, object?>
            {
                ["s"] = nasty,
                ["n"] = null,
                ["d"] = 1.000000000001m,
                ["b"] = true,
                ["t"] = new DateTimeOffset(2024, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)).AddTicks(7),
                ["a"] = new[] { nasty, "" },
                ["m"] = new Dictionary<string, int> { ["k'"] = -1 },
                ["g"] = Guid.Parse("61f0c404-5cb3-11e7-907b-a6006ad3dba0"),
                ["day"] = new DateOnly(2024, 2, 29),
            },
            Token);
        ClickHouseRow row = result.Rows[0];
        Assert.Equal(nasty, row.GetString("s"));
        Assert.True(row.IsNull("n"));
        Assert.Equal(1.000000000001m, row.GetDecimal("d"));
        Assert.True(row.GetBoolean("b"));
        Assert.Equal(new DateTimeOffset(2024, 2, 3, 2, 5, 6, TimeSpan.Zero).AddTicks(7), row.GetDateTime("t"));
        Assert.Equal([nasty, ""], row.GetArray<string>("a"));
        Assert.Equal(new Dictionary<object, object?> { ["k'"] = -1 }, row.GetValue("m"));
        Assert.Equal(new DateOnly(2024, 2, 29), row.GetValue("day"));
    }

    [Fact]
    public async Task An_error_carries_the_servers_code_and_text()
    {
        var e = await Assert.ThrowsAsync<ClickHouseException>(() => engine.Client().QueryAsync("SELECT * FROM nowhere", null, Token));
        Assert.Equal(60, e.Code);
        Assert.Contains("nowhere", e.Message, StringComparison.Ordinal);
        Assert.Contains("UNKNOWN_TABLE", e.Message, StringComparison.Ordinal);
        Assert.False(e.IsRetryable);
        Assert.True(e.IsConfiguration);
    }

    [Fact]
    public async Task A_failure_in_the_middle_of_a_result_is_the_servers_error_not_a_short_result()
    {
        var e = await Assert.ThrowsAsync<ClickHouseException>(
            () => engine.Client().QueryAsync("SELECT number, throwIf(number = 900000) FROM numbers(1000000)", null, Token));
        Assert.Equal(395, e.Code);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_retryable()
    {
        var client = new ClickHouseClient(engine.Http, new ClickHouseOptions { Url = new Uri("http://127.0.0.1:1") });
        var e = await Assert.ThrowsAsync<ClickHouseException>(() => client.ExecuteAsync("SELECT 1", null, Token));
        Assert.True(e.IsRetryable);
        Assert.Equal(0, e.Code);
    }

    [Fact]
    public async Task A_server_that_takes_too_long_is_retryable_and_the_callers_cancellation_is_not_an_error_of_the_server()
    {
        ClickHouseClient client = engine.Client();
        client.Options.Timeout = TimeSpan.FromMilliseconds(200);
        var e = await Assert.ThrowsAsync<ClickHouseException>(() => client.QueryAsync("SELECT sleep(2)", null, Token));
        Assert.True(e.IsRetryable);
        using var cancelled = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Client().QueryAsync("SELECT sleep(2)", null, cancelled.Token));
    }

    [Fact]
    public async Task A_result_beyond_the_limit_is_an_error()
    {
        ClickHouseClient client = engine.Client();
        client.Options.MaxResultBytes = 1 << 16;
        var e = await Assert.ThrowsAsync<ClickHouseException>(() => client.QueryAsync("SELECT number FROM numbers(100000)", null, Token));
        Assert.Contains("MaxResultBytes", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InsertCompression.None)]
    [InlineData(InsertCompression.Gzip)]
    public async Task A_large_block_is_inserted_whole(InsertCompression compression)
    {
        ClickHouseClient client = await engine.NewDatabaseAsync();
        client.Options.InsertCompression = compression;
        await client.ExecuteAsync("CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n", null, Token);
        var n = new NumberColumn<ulong>("n");
        var s = new StringColumn("s");
        for (ulong i = 0; i < 100_000; i++)
        {
            n.Append(i);
            s.Append(Encoding.ASCII.GetBytes($"value {i} of a longer text that fills several buffers"));
        }

        await client.InsertAsync("t", new NativeBlock([n, s]), null, Token);
        ClickHouseResult result = await client.QueryAsync("SELECT count() AS c, sum(n) AS total, uniqExact(s) AS u FROM t", null, Token);
        Assert.Equal((100_000, 4_999_950_000, 100_000), (result.Rows[0].GetInt64("c"), result.Rows[0].GetInt64("total"), result.Rows[0].GetInt64("u")));
    }

    [Fact]
    public async Task A_replayed_token_changes_neither_rows_nor_cascaded_rollups()
    {
        ClickHouseClient client = await engine.NewDatabaseAsync();
        await CreateCascadeAsync(client);
        NativeBlock block = Calls(100, partitions: 3);
        for (int i = 0; i < 3; i++)
        {
            await client.InsertAsync("calls", block, "llm.spans/0/10-20", Token);
        }

        Assert.Equal((100, 100m, 100m), await TotalsAsync(client));
        await client.InsertAsync("calls", block, "llm.spans/0/21-30", Token);
        Assert.Equal((200, 200m, 200m), await TotalsAsync(client));
        // The same rows again under the first token after another insert: still known.
        await client.InsertAsync("calls", block, "llm.spans/0/10-20", Token);
        Assert.Equal((200, 200m, 200m), await TotalsAsync(client));
    }

    private static async Task CreateCascadeAsync(ClickHouseClient client)
    {
        const string Window = "SETTINGS non_replicated_deduplication_window = 1000";
        string[] statements =
        [
            $"CREATE TABLE calls (ts DateTime64(3, 'UTC'), cost Decimal(18, 12)) ENGINE = MergeTree PARTITION BY toDate(ts) ORDER BY ts {Window}",
            $"CREATE TABLE minutes (ts DateTime('UTC'), calls UInt64, cost Decimal(38, 12)) ENGINE = SummingMergeTree ORDER BY ts {Window}",
            $"CREATE TABLE hours (ts DateTime('UTC'), calls UInt64, cost Decimal(38, 12)) ENGINE = SummingMergeTree ORDER BY ts {Window}",
            "CREATE MATERIALIZED VIEW to_minutes TO minutes AS SELECT toStartOfMinute(ts) AS ts, count() AS calls, sum(cost) AS cost FROM calls GROUP BY ts",
            "CREATE MATERIALIZED VIEW to_hours TO hours AS SELECT toStartOfHour(ts) AS ts, sum(calls) AS calls, sum(cost) AS cost FROM minutes GROUP BY ts",
        ];
        foreach (string statement in statements)
        {
            await client.ExecuteAsync(statement, null, Token);
        }
    }

    private static NativeBlock Calls(int rows, int partitions)
    {
        var ts = new DateTime64Column("ts", 3);
        var cost = new Decimal64Column("cost", 18, 12);
        for (int i = 0; i < rows; i++)
        {
            ts.Append(1_700_000_000_000 + (i % partitions * 86_400_000L) + (i * 1000));
            cost.Append(1m);
        }

        return new NativeBlock([ts, cost]);
    }

    private static async Task<(long Rows, decimal Minutes, decimal Hours)> TotalsAsync(ClickHouseClient client)
    {
        ClickHouseResult result = await client.QueryAsync(
            "SELECT (SELECT count() FROM calls) AS rows, (SELECT sum(cost) FROM minutes) AS minutes, (SELECT sum(cost) FROM hours) AS hours", null, Token);
        return (result.Rows[0].GetInt64("rows"), result.Rows[0].GetDecimal("minutes"), result.Rows[0].GetDecimal("hours"));
    }
}
