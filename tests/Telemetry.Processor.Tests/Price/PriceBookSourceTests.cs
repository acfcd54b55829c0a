using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;
using Telemetry.Processor.Price;

namespace Telemetry.Processor.Tests.Price;

public sealed class PriceBookSourceTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("telemetry-prices-").FullName;
    private readonly ManualTime _time = new();
    private readonly PriceOptions _options = new();
    private int _writes;

    public PriceBookSourceTests()
    {
        _options.Path = Path.Combine(_root, "book");
        Write("book/p.json", Model(1));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_changed_file_is_taken_once_it_stands_still()
    {
        using PriceBookSource source = Start();
        Assert.Equal(1m, Cost(source));

        Write("book/p.json", Model(2));
        Assert.Equal(1m, Cost(source));
        Look();
        Assert.Equal(1m, Cost(source));
        Look();
        Assert.Equal(2m, Cost(source));
        Assert.Null(source.Problem);
    }

    [Fact]
    public void A_file_that_is_still_being_written_is_not_read()
    {
        using PriceBookSource source = Start();
        for (int i = 0; i < 5; i++)
        {
            Write("book/p.json", "{" + new string(' ', i));
            Look();
            Assert.Null(source.Problem);
        }

        Write("book/p.json", Model(3));
        Look();
        Look();
        Assert.Equal((3m, null), (Cost(source), source.Problem));
    }

    [Fact]
    public void A_wrong_file_keeps_the_last_good_book_and_says_what_is_wrong_once()
    {
        var log = new CountingLoggerFactory();
        using PriceBookSource source = Start(log);
        string version = source.Current.Version;

        Write("book/p.json", """{"provider": "p", "models": [{"id": "m", "prices": [{"usd_per_million_tokens": {"input": -1}}]}]}""");
        Look(5);

        Assert.Equal((1m, version), (Cost(source), source.Current.Version));
        Assert.Contains("p.json: $.models[0].prices[0].usd_per_million_tokens.input: US dollars from 0", source.Problem, StringComparison.Ordinal);
        Assert.Equal(1, log.Errors);

        Write("book/p.json", Model(4));
        Look(2);
        Assert.Equal((4m, null), (Cost(source), source.Problem));
    }

    [Fact]
    public void One_wrong_file_of_several_does_not_give_half_a_book()
    {
        Write("book/q.json", """{"provider": "q", "models": [{"id": "m", "prices": [{"usd_per_million_tokens": {"input": 5}}]}]}""");
        using PriceBookSource source = Start();

        Write("book/p.json", Model(9));
        Write("book/q.json", "{}");
        Look(2);

        Assert.Equal(1m, Cost(source));
        Assert.NotNull(source.Problem);
        Assert.Equal(2, source.Current.Providers.Count);
    }

    [Fact]
    public void A_file_that_comes_or_goes_is_noticed()
    {
        using PriceBookSource source = Start();

        Write("book/q.json", """{"provider": "q", "models": []}""");
        Look(2);
        Assert.Equal(2, source.Current.Providers.Count);

        File.Delete(Path.Combine(_root, "book", "q.json"));
        Look(2);
        Assert.Single(source.Current.Providers);
    }

    [Fact]
    public void A_directory_that_is_gone_keeps_the_book_and_is_taken_up_again_when_it_is_back()
    {
        using PriceBookSource source = Start();
        Directory.Move(_options.Path, _options.Path + "-away");
        Look(3);
        Assert.Contains(_options.Path, source.Problem, StringComparison.Ordinal);
        Assert.Equal(1m, Cost(source));

        Directory.Move(_options.Path + "-away", _options.Path);
        Look(3);
        Assert.Equal((1m, null), (Cost(source), source.Problem));
    }

    [Theory]
    [InlineData("mine.json", "mine.json")]
    [InlineData("mine/a.json", "mine")]
    public void An_override_may_be_a_file_or_a_directory_and_is_reloaded_too(string file, string path)
    {
        Write(file, Model(7));
        _options.OverridePath = Path.Combine(_root, path);
        using PriceBookSource source = Start();
        Assert.Equal(7m, Cost(source));

        Write(file, Model(8));
        Look(2);
        Assert.Equal(8m, Cost(source));
    }

    [Fact]
    public void A_configuration_that_is_swapped_by_a_link_is_noticed()
    {
        Write("one/p.json", Model(1));
        Write("two/p.json", Model(2));
        string link = Path.Combine(_root, "book", "p.json");
        File.Delete(link);
        File.CreateSymbolicLink(link, Path.Combine(_root, "one", "p.json"));
        using PriceBookSource source = Start();
        Assert.Equal(1m, Cost(source));

        File.Delete(link);
        File.CreateSymbolicLink(link, Path.Combine(_root, "two", "p.json"));
        Look(2);
        Assert.Equal(2m, Cost(source));
    }

    [Fact]
    public void A_process_does_not_start_with_a_wrong_or_missing_book()
    {
        _options.OverridePath = Path.Combine(_root, "none.json");
        Assert.Throws<FileNotFoundException>(() => Start());

        Write("none.json", "[");
        Assert.Throws<PriceBookException>(() => Start());

        _options.Path = Path.Combine(_root, "none");
        Assert.Throws<DirectoryNotFoundException>(() => Start());
    }

    [Fact]
    public void Nothing_is_looked_at_after_it_was_disposed()
    {
        PriceBookSource source = Start();
        source.Dispose();
        Write("book/p.json", Model(2));
        Look(3);

        Assert.Equal(1m, Cost(source));
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public void The_shipped_book_is_the_default()
    {
        using var source = new PriceBookSource(new PriceOptions(), NullLoggerFactory.Instance, _time);

        Assert.NotNull(source.Current.Find("openai", "gpt-4o", null));
    }

    private static string Model(int usd) =>
        $$"""{"provider": "p", "models": [{"id": "m", "prices": [{"usd_per_million_tokens": {"input": {{usd}} } }]}]}""";

    private static decimal? Cost(PriceBookSource source) =>
        source.Current.Price(new PriceQuery { Provider = "p", ModelRequested = "m", Usage = new TokenUsage { Input = 1_000_000 } }).CostUsd;

    private PriceBookSource Start(ILoggerFactory? loggers = null) => new(_options, loggers ?? NullLoggerFactory.Instance, _time);

    private void Look(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _time.Advance(PriceBookSource.LookEvery);
        }
    }

    // Every write gets a time of its own: two within one tick of the file system's clock would look alike.
    private void Write(string name, string text)
    {
        string path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(++_writes));
    }

    private sealed class CountingLoggerFactory : ILoggerFactory, ILogger
    {
        public int Errors { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Errors += logLevel == LogLevel.Error ? 1 : 0;

        public void Dispose()
        {
        }
    }
}
