using Telemetry.Collector;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Receive;
using Telemetry.Contracts.Spans;
using Telemetry.Fuzz.Reference;
using Telemetry.Fuzz.Seeds;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.SpanLog;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// A request through admission into records, and the records through the Processor's decoders: what comes out is what the reference library reads in the request.
/// Control byte: 1 logs, 2 tight limits, 4 GenAI spans only, 8 small records, 16 the decoders alone.
/// </summary>
internal sealed class OtlpTarget : IFuzzTarget, IDisposable
{
    /// <summary>Its name.</summary>
    public const string TargetName = "otlp";

    private const int Logs = 1;
    private const int TightLimits = 2;
    private const int GenAiOnly = 4;
    private const int SmallRecords = 8;
    private const int DecodersOnly = 16;
    private const int Partitions = 3;

    private static readonly CollectorLimits Wide = new() { MaxAttributes = 100_000, MaxDepth = 100 };
    private static readonly CollectorLimits Tight = new() { MaxDepth = 3, MaxAttributes = 12, MaxAttributeBytes = 256, MaxResourceBytes = 128, MaxItems = 8 };

    private readonly Dictionary<int, Admission> _admissions = [];
    private readonly RecordBuilder _builder = new();
    private readonly AttributeKeys _keys = new();
    private readonly SpanBatch _batch;
    private readonly SpanDecoder _spans;
    private readonly LogDecoder _logs;
    private long _allocated;

    public OtlpTarget()
    {
        // The keys that the dialects read.
        _ = new NormalizeStage(_keys);
        _batch = new SpanBatch(_keys);
        _spans = new SpanDecoder(_batch);
        _logs = new LogDecoder(_batch);
        byte[][] traces = [.. Captures.Bodies(".bin"), OtlpSeeds.Traces()];
        Seeds =
        [
            .. traces.Select(t => Captures.With(t, 0)), Captures.With(OtlpSeeds.Logs(), Logs), Captures.With(OtlpSeeds.Traces(), GenAiOnly), Captures.With(OtlpSeeds.Traces(), TightLimits),
            Captures.With(OtlpSeeds.Traces(), SmallRecords), Captures.With(OtlpSeeds.Traces(), DecodersOnly), Captures.With(OtlpSeeds.Logs(), Logs | DecodersOnly),
        ];
    }

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "OTLP protobuf through admission, record building and the decoders, against Google.Protobuf";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.Protobuf;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words => OtlpSeeds.Words;

    /// <inheritdoc />
    public int ControlBytes => 1;

    /// <inheritdoc />
    public void Dispose() => _builder.Dispose();

    /// <summary>Most of it is the reference's; what is ours is measured by itself.</summary>
    public long AllocationLimit(int inputLength) => (64L << 20) + (inputLength * 20_000L);

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        _allocated = 0;
        Run(input[0], input[1..].ToArray());
        long limit = (4L << 20) + (input.Length * 200L);
        if (_allocated > limit)
        {
            throw new FuzzFailureException($"{_allocated} bytes allocated by the product; allowed: {limit}");
        }
    }

    private void Run(int control, byte[] request)
    {
        bool isLogs = (control & Logs) != 0;
        List<ReferenceItem>? theirs = OtlpReference.Read(request, isLogs, out string? refusal);
        if ((control & DecodersOnly) != 0)
        {
            Decode(request, isLogs, theirs);
            return;
        }

        Admission admission = AdmissionFor(control);
        if (!Measured(() => admission.TryRead(isLogs ? Signal.Logs : Signal.Traces, request)))
        {
            if (theirs is not null && (control & TightLimits) == 0 && OdditiesOf(request, isLogs) == Oddities.None)
            {
                throw new FuzzFailureException($"refused by us alone: {admission.Malformed}");
            }

            return;
        }

        if (theirs is null && !OtlpReference.IsStricter(refusal!))
        {
            throw new FuzzFailureException($"taken by us alone; the reference says: {refusal}");
        }

        Check(control, admission, request, theirs);
    }

    private void Check(int control, Admission admission, byte[] request, List<ReferenceItem>? theirs)
    {
        bool isLogs = (control & Logs) != 0;
        int partitions = isLogs ? 1 : Partitions;
        ReadOnlyMemory<SpanLogAppend> records;
        try
        {
            records = Measured(() => _builder.Build(admission, request, partitions, (control & SmallRecords) != 0 ? 1024 : 1 << 20));
        }
        catch (RefusedException)
        {
            return;
        }

        if (theirs is not null && admission.ItemCount + admission.LetGo + admission.RejectedBeforePublish != theirs.Count)
        {
            throw new FuzzFailureException($"{theirs.Count} items became {admission.ItemCount} taken, {admission.LetGo} let go, {admission.RejectedBeforePublish} rejected");
        }

        bool isWhole = (control & (TightLimits | GenAiOnly)) == 0 && admission.Rejected == (isLogs ? 0 : theirs?.Count(t => !HasIds(t)));
        Queue<ReferenceItem>[] expected = [.. Enumerable.Range(0, partitions).Select(_ => new Queue<ReferenceItem>())];
        foreach (ReferenceItem item in theirs ?? [])
        {
            if (isLogs || HasIds(item))
            {
                expected[isLogs ? 0 : TracePartitioner.PartitionOf(item.TraceId.Span, partitions)].Enqueue(item);
            }
        }

        int decoded = 0;
        foreach (SpanLogAppend record in records.Span)
        {
            decoded += CheckRecord(record, isLogs, theirs is null ? null : expected[record.Partition], isWhole, request);
        }

        int taken = admission.ItemCount - (admission.Rejected - admission.RejectedBeforePublish);
        if (decoded != taken)
        {
            throw new FuzzFailureException($"{taken} items were taken, {decoded} came out of the records");
        }

        if (isWhole && expected.Any(q => q.Count > 0) && OdditiesOf(request, isLogs) == Oddities.None)
        {
            throw new FuzzFailureException($"{expected.Sum(q => q.Count)} items are missing; rejected: {admission.RejectedBecause}");
        }
    }

    private int CheckRecord(SpanLogAppend record, bool isLogs, Queue<ReferenceItem>? expected, bool isWhole, byte[] request)
    {
        _batch.Clear();
        if (Measured(() => isLogs ? _logs.Decode(record.Value, 0) : _spans.Decode(record.Value, 0)) is { } error)
        {
            throw new FuzzFailureException($"a record that we made cannot be decoded: {error}");
        }

        if (expected is null)
        {
            return _batch.Count;
        }

        foreach (SpanItem item in _batch.Items)
        {
            string? difference = "nothing was expected any more";
            while (expected.TryDequeue(out ReferenceItem? theirs))
            {
                difference = OtlpReference.Difference(theirs, item.Span, _keys);
                if (difference is null || isWhole)
                {
                    break;
                }
            }

            if (difference is not null && OdditiesOf(request, isLogs) == Oddities.None)
            {
                throw new FuzzFailureException(difference);
            }
        }

        return _batch.Count;
    }

    // Records of the log that another producer wrote.
    private void Decode(byte[] record, bool isLogs, List<ReferenceItem>? theirs)
    {
        _batch.Clear();
        string? error = Measured(() => isLogs ? _logs.Decode(record, 0) : _spans.Decode(record, 0));
        if (error is not null && _batch.Count > 0)
        {
            throw new FuzzFailureException("something of a refused record stays in the batch");
        }

        if (theirs is null || (error is null && _batch.Count == 0 && theirs.Count == 0))
        {
            return;
        }

        bool mustDecode = isLogs || theirs.All(t => t.TraceId.Length == 16 && t.SpanId.Length == 8);
        string? difference = error is not null ? (mustDecode ? $"refused by the decoder alone: {error}" : null)
            : !mustDecode ? "ids of another length are taken"
            : theirs.Count != _batch.Count ? $"{theirs.Count} items became {_batch.Count}"
            : theirs.Select((t, i) => OtlpReference.Difference(t, _batch.Items[i].Span, _keys)).FirstOrDefault(d => d is not null);
        if (difference is not null && OdditiesOf(record, isLogs) == Oddities.None)
        {
            throw new FuzzFailureException(difference);
        }
    }

    private T Measured<T>(Func<T> work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        T result = work();
        _allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        return result;
    }

    private static bool HasIds(ReferenceItem item) =>
        item.TraceId.Length == 16 && item.SpanId.Length == 8 && item.TraceId.Span.ContainsAnyExcept((byte)0) && item.SpanId.Span.ContainsAnyExcept((byte)0);

    private static Oddities OdditiesOf(byte[] request, bool isLogs) => StrictOtlp.Find(request, isLogs ? LogsData.Descriptor : TracesData.Descriptor);

    private Admission AdmissionFor(int control)
    {
        int kind = control & (Logs | TightLimits | GenAiOnly);
        if (!_admissions.TryGetValue(kind, out Admission? admission))
        {
            admission = new Admission((kind & TightLimits) != 0 ? Tight : Wide, (kind & GenAiOnly) == 0, (kind & Logs) != 0 ? 1 : Partitions);
            _admissions[kind] = admission;
        }

        return admission;
    }
}
