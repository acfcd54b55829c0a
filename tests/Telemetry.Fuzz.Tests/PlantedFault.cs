using System.Buffers.Binary;
using System.Text;

namespace Telemetry.Fuzz.Tests;

/// <summary>A reader of length-prefixed texts with a fault that only rare inputs show.</summary>
internal sealed class PlantedFault(Fault fault) : IFuzzTarget
{
    private static readonly byte[] Kept = new byte[16];

    public string Name => "planted";

    public string Description => "A reader with a known fault";

    public IReadOnlyList<byte[]> Seeds { get; } = [[0, .. Message("GET", 3)], [0, .. Message("PUT", 200)]];

    public Shapes Shapes => Shapes.Lengths;

    public IReadOnlyList<byte[]> Words { get; } = [Encoding.ASCII.GetBytes("DELETE")];

    public int ControlBytes => 1;

    public long AllocationLimit(int inputLength) => 1 << 16;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 3 || input[1] > input.Length - 3)
        {
            return;
        }

        ReadOnlySpan<byte> word = input.Slice(2, input[1]);
        byte value = input[2 + input[1]];
        if (fault != Fault.None && value > 3 && word.SequenceEqual("DELETE"u8))
        {
            Show();
        }
    }

    private static byte[] Message(string word, byte value) => [(byte)word.Length, .. Encoding.ASCII.GetBytes(word), value];

    private void Show()
    {
        switch (fault)
        {
            case Fault.OutOfRange:
                BinaryPrimitives.ReadUInt64LittleEndian(Kept.AsSpan(12));
                break;
            case Fault.Memory:
                GC.KeepAlive(new byte[1 << 20]);
                break;
            case Fault.Hang:
                // Its thread stays in the background of the test process, asleep.
                Thread.Sleep(Timeout.Infinite);
                break;
            case Fault.Slow:
                SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(300));
                break;
            default:
                throw new FuzzFailureException("read something else than the reference");
        }
    }
}

/// <summary>Kinds of fault.</summary>
internal enum Fault
{
    None,
    OutOfRange,
    Difference,
    Memory,
    Hang,
    Slow,
}
