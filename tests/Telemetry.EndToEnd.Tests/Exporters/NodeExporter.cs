using System.Diagnostics;

namespace Telemetry.EndToEnd.Tests.Exporters;

/// <summary>The official OpenTelemetry JavaScript SDK in a node process of its own.</summary>
internal static class NodeExporter
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Sends one chat span; gives its trace id once the exporter has said that it was accepted.</summary>
    public static async Task<string> SendChatAsync(string exporter, Uri endpoint, string service, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Exporters", "send-chat.mjs"), exporter, endpoint.AbsoluteUri, service])
        {
            start.ArgumentList.Add(argument);
        }

        using Process node = Process.Start(start)!;
        Task<string> output = node.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = node.StandardError.ReadToEndAsync(cancellation);
        await node.WaitForExitAsync(cancellation).WaitAsync(Bound, cancellation);
        Assert.True(node.ExitCode == 0, await errors);
        return (await output).Trim();
    }
}
