namespace Telemetry.Tokenizer;

/// <summary>What encoding a text cost, in operations: for tests that it grows with the text's length and not with its square.</summary>
internal struct Work
{
    /// <summary>Bytes that the splitter read beyond the end of the piece that it then gave.</summary>
    public long ReadAhead;

    /// <summary>Pairs that were merged.</summary>
    public long Merges;

    /// <summary>Ranks that were compared to find the smallest, in groups of eight.</summary>
    public long Groups;
}
