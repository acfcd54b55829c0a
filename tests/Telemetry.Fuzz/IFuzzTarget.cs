namespace Telemetry.Fuzz;

/// <summary>What inputs of a target look like, so that the mutator can change more of them than bytes.</summary>
[Flags]
internal enum Shapes
{
    /// <summary>Bytes.</summary>
    None = 0,

    /// <summary>A protobuf message.</summary>
    Protobuf = 1,

    /// <summary>JSON.</summary>
    Json = 2,

    /// <summary>Texts with their length before them.</summary>
    Lengths = 4,

    /// <summary>Words of a language.</summary>
    Text = 8,
}

/// <summary>A part of the product that reads bytes of strangers.</summary>
internal interface IFuzzTarget
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>What it reads, for people.</summary>
    string Description { get; }

    /// <summary>Inputs that it understands, from which the others are made.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>What the inputs look like behind the control bytes.</summary>
    Shapes Shapes { get; }

    /// <summary>Words that mean something to it.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Bytes at the front of an input that say how it is to be read: which signal, which limits, which encoding.</summary>
    int ControlBytes { get; }

    /// <summary>Most bytes that may be allocated for an input of that length.</summary>
    long AllocationLimit(int inputLength);

    /// <summary>Reads one input. Any exception is a failure: refusals that the product documents are caught here.</summary>
    void Run(ReadOnlySpan<byte> input);
}

/// <summary>The product neither crashed nor refused, but did something wrong.</summary>
internal sealed class FuzzFailureException(string message, Exception? inner = null) : Exception(message, inner);
