using Telemetry.LoadGenerator.Send;

namespace Telemetry.LoadGenerator.Run;

/// <summary>What became of every request of a run, one byte each: what must be found in ClickHouse, and what may be.</summary>
internal sealed class RequestLedger
{
    private const int Page = 1 << 16;
    private readonly Lock _lock = new();
    private volatile byte[][] _pages = [];
    private long _acknowledged;

    /// <summary>Acknowledged requests.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Notes an outcome.</summary>
    public void Note(long request, SendOutcome outcome)
    {
        PageOf(request)[request % Page] = (byte)outcome;
        if (outcome == SendOutcome.Acknowledged)
        {
            Interlocked.Increment(ref _acknowledged);
        }
    }

    /// <summary>What became of a request.</summary>
    public SendOutcome this[long request] => request / Page < _pages.Length ? (SendOutcome)_pages[request / Page][request % Page] : SendOutcome.None;

    private byte[] PageOf(long request)
    {
        long page = request / Page;
        byte[][] pages = _pages;
        if (page < pages.Length)
        {
            return pages[page];
        }

        lock (_lock)
        {
            pages = _pages;
            if (page >= pages.Length)
            {
                byte[][] more = new byte[page + 1][];
                for (int i = 0; i < more.Length; i++)
                {
                    more[i] = i < pages.Length ? pages[i] : new byte[Page];
                }

                _pages = more;
            }

            return _pages[page];
        }
    }
}
