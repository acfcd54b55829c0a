using System.Globalization;
using Telemetry.LoadGenerator.Payload.Dialects;

namespace Telemetry.LoadGenerator.Payload;

/// <summary>
/// Puts traces together as agents make them: the agent's span, below it calls in turn with the tools that they ask for. A trace of ten
/// spans has one agent, five calls and four tools; a trace of one span is a call alone.
/// </summary>
internal sealed class RequestShapes(PayloadSettings settings, string run, Random random)
{
    private const long Millisecond = 1_000_000;
    private const int AnswerBytes = 300;
    private static readonly string[] Tools = ["get_order", "find_parcel", "refund_status", "search_documents"];

    private readonly PromptWords _words = new(random);
    private readonly IDialect _dialect = settings.Dialect switch
    {
        DialectName.OpenInference => new OpenInference(),
        DialectName.Vercel => new VercelAiSdk(),
        DialectName.OpenLlmetry => new OpenLlmetry(),
        _ => new OpenTelemetryGenAi(),
    };

    private int _model;

    /// <summary>Makes a request; the next one goes on with the next models.</summary>
    public RequestShape Next()
    {
        var spans = new List<SpanShape>(settings.Spans);
        int traces = 0;
        int calls = 0;
        while (spans.Count < settings.Spans)
        {
            calls += AddTrace(spans, traces++, Math.Min(settings.SpansPerTrace, settings.Spans - spans.Count));
        }

        return new RequestShape(Resource(), _dialect.ScopeName, _dialect.ScopeVersion, spans, traces, calls);
    }

    private int AddTrace(List<SpanShape> spans, int trace, int count)
    {
        if (count == 1)
        {
            spans.Add(new SpanShape(_dialect.Call(NextFacts()), trace, Parent: -1, -random.Next(800, 2500) * Millisecond, 0));
            return 1;
        }

        // An agent's answer is recorded when it ends, so its spans end in this order: calls and tools, then the agent itself.
        int below = count - 1;
        int calls = (below + 1) / 2;
        int agent = spans.Count + below;
        long length = 0;
        var parts = new (SpanText Text, long Length)[below];
        for (int i = 0; i < below; i++)
        {
            bool isCall = i % 2 == 0;
            parts[i] = (isCall ? _dialect.Call(NextFacts()) : _dialect.Tool(Facts()), (isCall ? random.Next(800, 2500) : random.Next(20, 200)) * Millisecond);
            length += parts[i].Length + Millisecond;
        }

        long at = -length;
        foreach ((SpanText text, long part) in parts)
        {
            spans.Add(new SpanShape(text, trace, agent, at, at + part));
            at += part + Millisecond;
        }

        spans.Add(new SpanShape(_dialect.Agent(Facts(), calls), trace, Parent: -1, -length - Millisecond, 0));
        return calls;
    }

    // Only calls count, so that every model is called as often as any other.
    private CallFacts NextFacts()
    {
        _model++;
        return Facts();
    }

    private CallFacts Facts() => new()
    {
        Model = settings.Markers ? Models.OfRequest(run) : Models.Get(_model % settings.Models),
        Prompt = settings.PromptBytes > 0 ? _words.Text(settings.PromptBytes) : "",
        Answer = settings.PromptBytes > 0 ? _words.Text(AnswerBytes) : "",
        FirstTokenSeconds = random.Next(150, 700) / 1000.0,
        ToolName = Tools[random.Next(Tools.Length)],
    };

    private SpanAttribute[] Resource() =>
    [
        new("service.name", settings.Markers ? ServiceNames.Marker(run) : $"{ServiceNames.Prefix(run)}{Slots.Service}"),
        new("service.version", "1.4.2"),
        new("service.instance.id", "7d5c6f9b8-x2k4q"),
        new("deployment.environment.name", "load"),
        new("telemetry.sdk.language", "python"),
        new("telemetry.sdk.name", "opentelemetry"),
        new("telemetry.sdk.version", "1.38.0"),
        new("host.name", string.Create(CultureInfo.InvariantCulture, $"node-{random.Next(10, 99)}")),
    ];
}

/// <summary>Service names of a run, by which its rows are found again.</summary>
internal static class ServiceNames
{
    /// <summary>What the services of a run begin with.</summary>
    public static string Prefix(string run) => $"load-{run}-s";

    /// <summary>The service of the marker calls.</summary>
    public static string Marker(string run) => $"load-{run}-marker";
}
