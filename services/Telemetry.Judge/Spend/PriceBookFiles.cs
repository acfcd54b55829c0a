using Telemetry.Contracts.Prices;
using Telemetry.Processor.Price;

namespace Telemetry.Judge.Spend;

/// <summary>The price book of a judge that is a process of its own; read again when its files change.</summary>
internal sealed class PriceBookFiles(JudgeOptions options)
{
    private readonly string _directory = options.PricesPath.Length > 0 ? options.PricesPath : Path.Combine(AppContext.BaseDirectory, "prices");
    private readonly Lock _lock = new();
    private PriceBook? _book;
    private string _stamp = "";

    /// <summary>The book that holds now; after a wrong change the one before.</summary>
    /// <exception cref="PriceBookException">A file is wrong at the first time.</exception>
    /// <exception cref="IOException">A file is missing at the first time.</exception>
    public PriceBook Current
    {
        get
        {
            lock (_lock)
            {
                try
                {
                    string stamp = PriceFiles.Stamp(_directory, options.PricesOverridePath);
                    if (_book is null || stamp != _stamp)
                    {
                        _book = PriceBook.Parse(PriceFiles.Read(_directory, options.PricesOverridePath));
                        _stamp = stamp;
                    }
                }
                catch (Exception e) when (_book is not null && e is PriceBookException or IOException or UnauthorizedAccessException)
                {
                    // The last good one stays; the Processor, which reads the same files, tells.
                }

                return _book!;
            }
        }
    }
}
