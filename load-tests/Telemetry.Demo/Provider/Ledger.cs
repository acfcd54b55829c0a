using System.Collections.Concurrent;

namespace Telemetry.Demo.Provider;

/// <summary>One request that the provider served: its side of the truth.</summary>
/// <param name="Model">Model asked for.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="InputTokens">Input tokens told to the client; 0 when none were told.</param>
/// <param name="CachedTokens">Part of them from the cache.</param>
/// <param name="OutputTokens">Output tokens told to the client.</param>
/// <param name="Cut">Whether the stream broke off before its end.</param>
internal sealed record LedgerEntry(string Model, int Status, long InputTokens, long CachedTokens, long OutputTokens, bool Cut = false)
{
    /// <summary>Whether the client got a whole answer.</summary>
    public bool IsError => Status >= 400 || Cut;
}

/// <summary>Every request that the provider served.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<LedgerEntry> _entries = new();

    /// <summary>The entries so far.</summary>
    public IReadOnlyCollection<LedgerEntry> Entries => _entries;

    /// <summary>Adds an entry.</summary>
    public void Add(LedgerEntry entry) => _entries.Enqueue(entry);
}
