using System.Diagnostics;

namespace Telemetry.ClickHouse.Tests.Node;

public sealed class NodeClientTests(EngineFixture engine)
{
    [Fact]
    public async Task The_official_node_client_works_unchanged()
    {
        string database = (await engine.NewDatabaseAsync()).Options.Database;
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Node", "client.mjs"), engine.Url.ToString(), EngineFixture.Password, database])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal("all good", output.Trim());
    }
}
