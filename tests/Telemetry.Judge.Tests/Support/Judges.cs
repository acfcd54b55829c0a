using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Rubrics;
using Telemetry.TestKit;

namespace Telemetry.Judge.Tests.Support;

/// <summary>Clients of a scripted judge.</summary>
internal static class Judges
{
    /// <summary>The shipped rubrics.</summary>
    public static IReadOnlyDictionary<string, Rubric> Rubrics { get; } = RubricReader.Read(RubricReader.ShippedDirectory);

    /// <summary>Settings that reach the server, at a dollar for a million tokens.</summary>
    public static JudgeEndpointOptions Options(JudgeServer server) => new()
    {
        Url = server.Url,
        Model = "judge-model",
        AllowPrivate = true,
        InputUsdPerMillion = 1,
        OutputUsdPerMillion = 1,
        Timeout = TimeSpan.FromSeconds(30),
        RequestsPerMinute = 10_000,
    };

    public static JudgeClient Client(JudgeEndpointOptions options, IJudgeBudget? budget = null, TimeProvider? time = null) =>
        new(options, new JudgePrices(options, null, TimeProvider.System), budget ?? new NoBudget(), NullLoggerFactory.Instance, time ?? TimeProvider.System);
}
