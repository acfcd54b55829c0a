using Telemetry.EndToEnd.Tests.Spans;

namespace Telemetry.EndToEnd.Tests;

/// <summary>What the views say of a call that nobody can price.</summary>
public sealed class ViewTests(AllInOneFixture fixture) : IClassFixture<AllInOneFixture>
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("llm_by_minute")]
    [InlineData("llm_by_hour")]
    [InlineData("llm_by_day")]
    [InlineData("llm_traces")]
    public async Task A_cost_that_nobody_knows_is_null_in_every_view_and_never_zero(string view)
    {
        string service = $"unpriced-{view}";
        string trace = Guid.NewGuid().ToString("N");
        string body = OtlpJson.Chat(trace, "00f067aa0ba902b7", service, TimeProvider.System.GetUtcNow())
            .Replace("gpt-4o-mini-2024-07-18", "house-model-1", StringComparison.Ordinal).Replace("gpt-4o-mini", "house-model-1", StringComparison.Ordinal);

        using HttpResponseMessage answer = await fixture.Process.PostTracesAsync(body, _cancellation);

        Assert.True(answer.IsSuccessStatusCode);
        await fixture.Process.AskUntilAsync($"SELECT calls, calls_unpriced, isNull(cost_usd) FROM {view} WHERE service = '{service}'", "1\t1\t1", TimeSpan.FromSeconds(10), _cancellation);
    }
}
