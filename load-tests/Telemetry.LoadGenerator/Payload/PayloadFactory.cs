namespace Telemetry.LoadGenerator.Payload;

/// <summary>Makes requests out of templates that were encoded once. Safe to use from several threads.</summary>
internal sealed class PayloadFactory
{
    private const int Seed = 1;
    private const int MostTemplates = 32;
    private const long MostTemplateBytes = 64 << 20;
    private const long NanosecondsPerTick = 100;

    private readonly PayloadTemplate[] _templates;
    private readonly KeyCounts _keys;
    private readonly TimeProvider _time;

    public PayloadFactory(PayloadSettings settings, RunIds ids, TimeProvider time)
    {
        (Ids, _time) = (ids, time);
        Spans = settings.Spans;
        _keys = new KeyCounts(settings.Services, settings.Prompts);
        var shapes = new RequestShapes(settings, ids.Name, new Random(Seed));
        var templates = new List<PayloadTemplate>();
        long bytes = 0;
        int named = 0;

        // As many as fit, but enough for every model to be named.
        while (templates.Count == 0 || named < settings.Models || (templates.Count < MostTemplates && bytes < MostTemplateBytes))
        {
            RequestShape shape = shapes.Next();
            Calls = shape.Calls;
            templates.Add(settings.Json ? JsonTemplate.Encode(shape) : ProtobufTemplate.Encode(shape));
            bytes += templates[^1].Length;
            named += shape.Calls;
        }

        _templates = [.. templates];
        MaxLength = _templates.Max(t => t.Length);
        MeanLength = (int)(bytes / _templates.Length);
    }

    /// <summary>Ids of the run.</summary>
    public RunIds Ids { get; }

    /// <summary>Spans of a request.</summary>
    public int Spans { get; }

    /// <summary>Billable calls of a request.</summary>
    public int Calls { get; private set; }

    /// <summary>Bytes of the largest request.</summary>
    public int MaxLength { get; }

    /// <summary>Bytes of a request on average.</summary>
    public int MeanLength { get; }

    /// <summary>Makes the request with a number, whose newest spans end now; gives its length.</summary>
    public int Fill(Span<byte> body, long request)
    {
        long now = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
        return _templates[request % _templates.Length].Fill(body, request, now, Ids, _keys);
    }
}
