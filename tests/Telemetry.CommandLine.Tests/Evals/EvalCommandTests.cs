using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Telemetry.CommandLine.Tests.Evals;

/// <summary>What a pipeline of continuous integration sees of <c>telemetry eval run</c>: its exit codes, without any ClickHouse.</summary>
public sealed class EvalCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly WebApplication _endpoint;
    private Func<string, (int Status, string Text)> _answer = _ => (200, "Paris");

    public EvalCommandTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _endpoint = builder.Build();
        _endpoint.Run(AnswerAsync);
    }

    private string Set => Path.Combine(_directory.Path, "set.jsonl");

    private string Url => _endpoint.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/v1";

    public async ValueTask InitializeAsync()
    {
        await _endpoint.StartAsync(TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Set, Enumerable.Range(0, 8).Select(i => $$"""{"id":"c{{i}}","input":"question {{i}}","expect":{"contains":"Paris"} }"""), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_worse_model_ends_with_one_the_same_with_none_and_a_broken_endpoint_with_three()
    {
        string main = Path.Combine(_directory.Path, "main.json");
        string now = Path.Combine(_directory.Path, "now.json");
        CommandRun first = await RunAsync("--out", main);
        Assert.True(first.ExitCode == 0, first.Error + first.Output);
        Assert.Contains("8 of 8 passed", first.Output, StringComparison.Ordinal);

        CommandRun same = await RunAsync("--out", now, "--baseline", main, "--json");
        Assert.Equal((0, false), (same.ExitCode, same.Json.GetProperty("comparison").GetProperty("is_regression").GetBoolean()));

        _answer = text => (200, text.EndsWith('7') ? "Paris" : "London");
        CommandRun worse = await RunAsync("--out", now, "--baseline", main);
        Assert.Equal(1, worse.ExitCode);
        Assert.Contains("broken: c0", worse.Output, StringComparison.Ordinal);

        _answer = text => text.EndsWith('3') ? (400, "no") : (200, "Paris");
        CommandRun incomplete = await RunAsync("--out", now, "--baseline", main);
        Assert.Equal(3, incomplete.ExitCode);
        Assert.Contains("c3: no result: HTTP 400", incomplete.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_told_before_anything_is_asked()
    {
        _answer = _ => throw new InvalidOperationException("nothing is to be asked");
        await File.WriteAllTextAsync(Set, """{"id":"a","input":"?","expect":{"rubric":{"relevance":0.5}}}""", TestContext.Current.CancellationToken);
        CommandRun withoutJudge = await RunAsync("--out", Path.Combine(_directory.Path, "x.json"));
        Assert.Equal((2, true), (withoutJudge.ExitCode, withoutJudge.Error.Contains("set.jsonl:1: expect.rubric needs a judge", StringComparison.Ordinal)));
        Assert.Equal(1, (await RunAsync("--repeats", "0")).ExitCode);
        Assert.Equal(2, (await CommandRun.Of("eval", "run", Path.Combine(_directory.Path, "none.jsonl"), "--endpoint", Url, "--model", "m")).ExitCode);
        CommandRun noUrl = await CommandRun.Of("eval", "run", Set, "--endpoint", "nowhere", "--model", "m");
        Assert.Equal((1, true), (noUrl.ExitCode, noUrl.Error.Contains("--endpoint: \"nowhere\" is no URL; allowed: http://host:port", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(Set, "{}", TestContext.Current.CancellationToken);
        CommandRun broken = await RunAsync();
        Assert.Equal(2, broken.ExitCode);
        Assert.Contains("set.jsonl:1: id is \"\"; allowed: a text of 1 to 200 characters", broken.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> RunAsync(params string[] more) => CommandRun.Of(["eval", "run", Set, "--endpoint", Url, "--model", "m", .. more]);

    private async Task AnswerAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body);
        (int status, string text) = _answer(request.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = text } } },
            usage = new { prompt_tokens = 1, completion_tokens = 1 },
        }));
    }
}
