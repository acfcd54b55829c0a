using Telemetry.Fuzz.Seeds;
using Telemetry.Fuzz.Support;
using Telemetry.Processor.Decode;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// Records of the span log through the whole Processor: decode, normalize, attribute, count, price, time, rows, blocks.
/// Control byte: 1 log records, 2 dead letters, 4 the record comes again, 8 the record is replayed.
/// </summary>
internal sealed class StagesTarget : IFuzzTarget, IDisposable
{
    /// <summary>Its name.</summary>
    public const string TargetName = "stages";

    private const int Logs = 1;
    private const int DeadLetters = 2;
    private const int Again = 4;
    private const int Replay = 8;

    private readonly ProcessorLine _line = new();

    public StagesTarget()
    {
        byte[] letter = new DeadLetter("llm.spans", 3, 17, "TracesData is malformed at its byte 5", new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero), new byte[] { 1, 2, 3 }).Write();
        Seeds =
        [
            .. Captures.Protobuf().Select((b, i) => Captures.With(b, (byte)(i % 3 == 0 ? Again | Replay : 0))), Captures.With(OtlpSeeds.Traces(), 0), Captures.With(OtlpSeeds.Logs(), Logs), Captures.With(letter, DeadLetters),
        ];
        Words = [.. OtlpSeeds.Words, .. Captures.Words([.. _line.Keys])];
    }

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "Records of the span log through all stages of the Processor to the blocks for ClickHouse";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.Protobuf;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words { get; }

    /// <inheritdoc />
    public int ControlBytes => 1;

    /// <inheritdoc />
    public void Dispose() => _line.Dispose();

    /// <inheritdoc />
    public long AllocationLimit(int inputLength) => (32L << 20) + (inputLength * 1000L);

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        int control = input[0];
        byte[] record = input[1..].ToArray();
        if ((control & DeadLetters) != 0)
        {
            _line.RunDeadLetter(record);
        }
        else if ((control & Logs) != 0)
        {
            _line.RunLogs(record);
        }
        else
        {
            _line.RunSpans(record, (control & Again) != 0, (control & Replay) != 0);
        }
    }
}
