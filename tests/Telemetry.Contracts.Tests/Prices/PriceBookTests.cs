using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;
using Telemetry.TestKit;

namespace Telemetry.Contracts.Tests.Prices;

public class PriceBookTests
{
    private static readonly TokenUsage Usage = new() { Input = 1000, CacheRead = 100, Output = 100 };

    [Fact]
    public void A_repeated_lookup_allocates_nothing()
    {
        var query = new PriceQuery { Provider = "azure.ai.openai", ModelRequested = "checkout", ModelAnswered = "gpt-4o-2024-08-06", At = Books.Autumn, Usage = Usage, ServiceTier = "default" };
        decimal? cost = 0;
        int lookups = 0;
        LookUp();
        Assert.Equal(0, Allocations.Fewest(LookUp));
        Assert.Equal(lookups * Books.Shipped.Price(query).CostUsd, cost);

        void LookUp()
        {
            for (int i = 0; i < 1000; i++, lookups++)
            {
                cost += Books.Shipped.Price(query).CostUsd;
            }
        }
    }

    [Fact]
    public void A_million_made_up_names_do_not_grow_the_memory_nor_push_out_what_is_in_use()
    {
        PriceBook book = Books.OneModel("""{"usd_per_million_tokens": {"input": 1, "output": 1}}""");
        for (int i = 0; i < 1_000_000; i++)
        {
            book.Price(Usage, requested: $"made-up-{i}");
            if (i % 1000 == 0)
            {
                Assert.Equal("p/m@start", book.Price(Usage).PriceId);
            }
        }

        Assert.InRange(book.Remembered, 1, PriceBook.MostRemembered);
    }

    [Fact]
    public void A_name_longer_than_any_models_is_unknown_and_not_remembered()
    {
        PriceBook book = Books.OneModel("""{"usd_per_million_tokens": {"input": 1, "output": 1}}""");

        Assert.Equal(CostReasons.UnknownModel, book.Price(Usage, requested: new string('m', PriceBook.LongestName + 1)).CostReason);
        Assert.Equal(CostReasons.UnknownModel, book.Price(Usage, answered: new string('m', 10_000_000)).CostReason);
        Assert.Equal(0, book.Remembered);
    }

    [Fact]
    public void Many_threads_get_the_same_prices_as_one()
    {
        ModelPrices[] models = [.. Books.Shipped.Providers.SelectMany(p => p.Models).Take(400)];
        var book = PriceBook.Parse(Books.ShippedFiles);
        PricedCall[] expected = [.. models.Select(m => Books.Shipped.Price(Usage, m.Provider, m.Id))];

        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < models.Length; i++)
            {
                Assert.Equal(expected[i], book.Price(Usage, models[i].Provider, models[i].Id));
            }
        });
    }

    [Fact]
    public void Equal_files_are_the_same_version_and_any_change_is_another()
    {
        Assert.Equal(Books.Shipped.Version, PriceBook.Parse(Books.ShippedFiles).Version);
        Assert.NotEqual(Books.OneModel("""{"usd_per_million_tokens": {"input": 1}}""").Version, Books.OneModel("""{"usd_per_million_tokens": {"input": 2}}""").Version);
    }

    [Fact]
    public void Every_price_id_of_the_shipped_book_is_unique()
    {
        string[] ids = [.. Books.Shipped.Providers.SelectMany(p => p.Models).SelectMany(m => m.Sets).Select(s => s.Id)];

        Assert.True(ids.Length > 1700);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Every_model_of_the_shipped_book_can_be_found()
    {
        // A few ids of the source are labels, not ids that a provider takes; their clauses name the real ones.
        string[] labels =
        [
            .. from provider in Books.Shipped.Providers
               from model in provider.Models
               where Books.Shipped.Find(provider.Id, model.Id, null) is not { } found || found != model
               select $"{provider.Id}/{model.Id}",
        ];

        Assert.All(labels, label => Assert.Matches(@"^(aws/regional\.|fireworks/|mistral/(codestral|magistral-small|mistral-medium-3-1|pixtral-large)$|openai/ft:|cursor/|x-ai/)", label));
    }

    [Fact]
    public void A_call_without_a_provider_is_unknown_and_says_first_when_it_has_no_usage_either()
    {
        Assert.Equal(CostReasons.NoProvider, Books.Shipped.Price(Usage, "", "gpt-4o").CostReason);
        Assert.Equal(CostReasons.NoUsage, Books.Shipped.Price(default, "", "gpt-4o").CostReason);
        Assert.Equal(CostReasons.NoUsage, Books.Shipped.Price(default, "openai", "gpt-4o").CostReason);
    }
}
