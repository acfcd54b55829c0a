using System.Globalization;

namespace Telemetry.Demo.Provider;

/// <summary>What the provider will say to one request.</summary>
internal sealed record Answer(
    string Id, int Status, long Input, long Cached, long Output, long Reasoning, string FinishReason, string? Tool, double FirstTokenMilliseconds, double GenerationMilliseconds, bool IsCut);

/// <summary>Draws answers with lognormal waiting times, as real providers have them.</summary>
internal sealed class Answers(Random random, Faults faults)
{
    private const int CharactersPerToken = 4;
    private const double Spread = 0.35;

    private readonly Lock _gate = new();
    private int _next;

    /// <summary>A rough count, good enough for a provider that makes up its answers.</summary>
    public static int CountTokens(string text) => Math.Max(1, text.Length / CharactersPerToken);

    /// <summary>Draws the answer to a request.</summary>
    public Answer Draw(DemoModel model, string request, bool hasTools, bool stream)
    {
        lock (_gate)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-{_next++:x8}{random.Next():x8}");
            long input = CountTokens(request);
            long output = 40 + random.Next(360);
            bool toolCall = hasTools && random.NextDouble() < 0.7;
            string finish = toolCall ? "tool_calls" : Draw(("stop", 0.93), ("length", 0.05), ("content_filter", 0.02));
            return new Answer(
                id,
                Status(),
                input,
                random.NextDouble() < 0.4 ? input / 2 : 0,
                output,
                (long)(output * model.ReasoningShare),
                finish,
                toolCall ? "lookup_order" : null,
                model.FirstTokenMilliseconds * Lognormal(),
                output / model.TokensPerSecond * 1000 * Lognormal(),
                stream && random.NextDouble() < faults.CutStreams);
        }
    }

    private int Status()
    {
        double drawn = random.NextDouble();
        return drawn < faults.RateLimited ? 429 : drawn < faults.RateLimited + faults.Failing ? 500 : 200;
    }

    private string Draw(params ReadOnlySpan<(string Value, double Share)> choices)
    {
        double drawn = random.NextDouble();
        foreach ((string value, double share) in choices)
        {
            drawn -= share;
            if (drawn < 0)
            {
                return value;
            }
        }

        return choices[0].Value;
    }

    private double Lognormal()
    {
        double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Math.Exp(Spread * normal);
    }
}
