namespace Telemetry.Tokenizer.Split;

/// <summary>Splits a text into the pieces of which each is encoded by itself, as the published regular expression of an encoding does.</summary>
internal interface ISplitter
{
    /// <summary>The end of the piece that starts at a place within a valid UTF-8 text.</summary>
    static abstract int Next(ReadOnlySpan<byte> text, int start, ref Work work);
}
