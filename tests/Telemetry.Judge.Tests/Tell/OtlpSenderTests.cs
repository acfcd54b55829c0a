using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Judge.Tell;
using Telemetry.TestKit;

namespace Telemetry.Judge.Tests.Tell;

/// <summary>The judge's own spans and events on their way to a Collector that asks for a key.</summary>
public sealed class OtlpSenderTests
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(30);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_is_read_anew_for_each_export()
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "key");
        var keys = Channel.CreateUnbounded<string>();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.Run(async context =>
        {
            Assert.Equal("/v1/traces", context.Request.Path.Value);
            await keys.Writer.WriteAsync(context.Request.Headers["x-api-key"].ToString());
        });
        await app.StartAsync(_cancellation);
        var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await File.WriteAllTextAsync(file, "first\n", _cancellation);
        await using var sender = new OtlpSender(() => url, file, NullLogger.Instance, TimeProvider.System);

        sender.Send("v1/traces", "{}"u8.ToArray());
        Assert.Equal("first", await keys.Reader.ReadAsync(_cancellation).AsTask().WaitAsync(s_bound, _cancellation));
        await File.WriteAllTextAsync(file, "second", _cancellation);
        sender.Send("v1/traces", "{}"u8.ToArray());
        Assert.Equal("second", await keys.Reader.ReadAsync(_cancellation).AsTask().WaitAsync(s_bound, _cancellation));
    }
}
