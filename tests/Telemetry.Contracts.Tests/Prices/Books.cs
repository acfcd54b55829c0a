using System.Text;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Tests.Prices;

/// <summary>Books for tests: the one that is shipped, and small ones written in the test.</summary>
internal static class Books
{
    public static readonly DateTimeOffset Autumn = new(2026, 10, 1, 18, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<IReadOnlyList<(string FileName, ReadOnlyMemory<byte> Json)>> Files = new(ReadShipped);
    private static readonly Lazy<PriceBook> Book = new(() => PriceBook.Parse(Files.Value));

    public static PriceBook Shipped => Book.Value;

    public static IReadOnlyList<(string FileName, ReadOnlyMemory<byte> Json)> ShippedFiles => Files.Value;

    public static PriceBook Of(params string[] files) => PriceBook.Parse([.. files.Select((json, i) => ($"{i}.json", (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(json)))]);

    /// <summary>A book of one provider "p" with one model "m" and these price entries.</summary>
    public static PriceBook OneModel(string entries) => Of($$"""{"provider": "p", "models": [{"id": "m", "prices": [{{entries}}]}]}""");

    public static PricedCall Price(this PriceBook book, TokenUsage usage, string provider = "p", string? requested = "m", string? answered = null, DateTimeOffset? at = null, string? tier = null, long? webSearches = null) =>
        book.Price(new PriceQuery { Provider = provider, ModelRequested = requested, ModelAnswered = answered, At = at ?? Autumn, Usage = usage, ServiceTier = tier, WebSearches = webSearches });

    private static List<(string, ReadOnlyMemory<byte>)> ReadShipped()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Telemetry.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("the tests do not run within the repository");
        }

        return
        [
            .. Directory.GetFiles(Path.Combine(directory.FullName, "schemas", "prices"), "*.json").Order(StringComparer.Ordinal)
                .Select(f => (Path.GetFileName(f), (ReadOnlyMemory<byte>)File.ReadAllBytes(f))),
        ];
    }
}
