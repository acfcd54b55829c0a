using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;
using Telemetry.Contracts.Prices;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Health;
using Telemetry.Hosting.Process;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Spend;

namespace Telemetry.Judge;

/// <summary>The judge as a process of its own.</summary>
public static class JudgeProcess
{
    /// <summary>Its definition: settings and parts.</summary>
    public static ServiceDefinition Define()
    {
        var banner = new List<string>();
        return new ServiceDefinition
        {
            Name = "telemetry-judge",
            Summary = "Samples answers, has a judge model score them by rubrics within a budget, and writes the scores.",
            Sections = [(JudgeOptions.Section, typeof(JudgeOptions)), (ClickHouseOptions.Section, typeof(ClickHouseOptions)), (OperationsOptions.Section, typeof(OperationsOptions))],
            Build = context => Build(context, banner),
            Banner = () => banner,
        };
    }

    /// <summary>The service of the options; wrong files, a missing key and an unknown price are wrong configuration.</summary>
    /// <param name="options">Settings with an endpoint.</param>
    /// <param name="client">ClickHouse.</param>
    /// <param name="book">The price book that holds now; null for the files that the options name.</param>
    /// <param name="otlp">Base URL of the Collector that gets the judge's own calls; null while there is none.</param>
    /// <param name="context">What the process gives.</param>
    /// <exception cref="ConfigurationException">One line for each error.</exception>
    public static JudgeService Create(JudgeOptions options, ClickHouseClient client, Func<PriceBook>? book, Func<Uri?> otlp, ServiceContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            var files = new PriceBookFiles(options);
            var prices = new JudgePrices(options.Endpoint, book ?? (() => files.Current), context.Time);
            return prices.Problem is { } problem
                ? throw new ConfigurationException([$"{JudgeOptions.Section}:Endpoint:Model = \"{options.Endpoint.Model}\": {problem}"])
                : new JudgeService(options, client, prices, otlp, context.Loggers, context.Time);
        }
        catch (RuleFileException e)
        {
            throw new ConfigurationException(e.Errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PriceBookException)
        {
            throw new ConfigurationException([e.Message]);
        }
    }

    private static Func<IReadOnlyList<ServicePart>> Build(ServiceContext context, List<string> banner)
    {
        JudgeOptions options = context.Options.Read<JudgeOptions>(JudgeOptions.Section);
        ClickHouseOptions clickHouse = context.Options.Read<ClickHouseOptions>(ClickHouseOptions.Section);
        OperationsOptions operations = context.Options.Read<OperationsOptions>(OperationsOptions.Section);
        return () =>
        {
            if (!options.IsOn)
            {
                throw new ConfigurationException([$"{JudgeOptions.Section}:Endpoint:Url: a judge needs an endpoint; allowed: the base URL of an OpenAI-compatible API"]);
            }

            var client = new ClickHouseClient(ClickHouseClient.CreateHttpClient(), clickHouse);
            Uri? otlp = options.OtlpEndpoint.Length > 0 ? new Uri(options.OtlpEndpoint) : null;
            JudgeService judge = Create(options, client, null, () => otlp, context);
            var schema = new SchemaUpdate(client, context);
            IReadinessCheck[] checks = [new ReadinessCheck("schema", () => schema.NotReadyReason), .. judge.ReadinessChecks];
            var health = new OperationsServer(operations, checks, context.Loggers);
            return
            [
                ServicePart.Owning("health", health.StartAsync, health),
                new("schema", schema.RunAsync, _ => Task.CompletedTask),
                new("judge", judge.StartAsync, async stop => { await judge.StopAsync(stop); await judge.DisposeAsync(); }),
                new("endpoints", _ => { banner.AddRange(Banner.Lines("telemetry-judge", ("Health", health.Url))); return Task.CompletedTask; }, _ => Task.CompletedTask),
            ];
        };
    }
}
