using System.Globalization;

namespace Telemetry.Chaos;

/// <summary>One run over one layout: traffic, kills, quiet, verdict.</summary>
internal sealed class ChaosRun(ILayout layout, ChaosSettings settings)
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan QuietBound = TimeSpan.FromMinutes(5);

    // Longer than the session of a Kafka consumer.
    private static readonly TimeSpan LongestFreeze = TimeSpan.FromSeconds(15);

    private readonly Random _random = new(settings.Seed);
    private readonly Ledger _ledger = new();
    private readonly Dictionary<string, int> _kills = [];

    /// <summary>Runs.</summary>
    public async Task<Verdict> RunAsync(CancellationToken cancellation)
    {
        await System.Console.Error.WriteLineAsync($"{layout.Name}: starting");
        await layout.StartAsync(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        List<Sender> senders = [.. Enumerable.Range(0, settings.Senders).Select(i => new Sender(layout, _ledger, settings.Seed + i))];
        Task[] sending = [.. senders.Select(s => Task.Run(() => s.RunAsync(stop.Token, giveUp.Token), cancellation))];
        for (int kill = 1; kill <= settings.Kills; kill++)
        {
            await Task.Delay(settings.Pause * (0.5 + _random.NextDouble()), cancellation);
            await KillOneAsync(kill, cancellation);
        }

        await Task.Delay(settings.Pause, cancellation);
        await stop.CancelAsync();
        giveUp.CancelAfter(GiveUpAfter);
        await Task.WhenAll(sending);
        senders.ForEach(s => s.Dispose());
        await System.Console.Error.WriteLineAsync($"{layout.Name}: quiet; waiting until everything is written");
        return await JudgeAsync(cancellation);
    }

    private async Task KillOneAsync(int number, CancellationToken cancellation)
    {
        const int PoisonOneIn = 3;
        await FreezeOneAsync(cancellation);
        string victim = layout.Victims[_random.Next(layout.Victims.Count)];
        string poison = string.Create(CultureInfo.InvariantCulture, $"this was never OTLP {number}");
        if (_random.Next(PoisonOneIn) == 0 && await layout.PoisonAsync(poison, cancellation))
        {
            _ledger.Poison.Add(poison);
        }

        await layout.KillAsync(victim, cancellation);
        _kills[victim] = _kills.GetValueOrDefault(victim) + 1;
        await System.Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{layout.Name}: kill {number} of {settings.Kills}: {victim}; {_ledger.Acknowledged:N0} traces acknowledged"));
    }

    private async Task FreezeOneAsync(CancellationToken cancellation)
    {
        const int OneIn = 6;
        if (_random.Next(OneIn) == 0 && await layout.FreezeAsync(layout.Victims[_random.Next(layout.Victims.Count)], LongestFreeze * _random.NextDouble(), cancellation))
        {
            Interlocked.Increment(ref _ledger.Freezes);
        }
    }

    // Everything is there when nothing more is missing, or when nothing has changed for a while and the bound has passed.
    private async Task<Verdict> JudgeAsync(CancellationToken cancellation)
    {
        DateTimeOffset bound = DateTimeOffset.UtcNow + QuietBound;
        while (true)
        {
            Verdict verdict = await new Judgement(layout, _ledger, _kills).JudgeAsync(cancellation);
            if (verdict.IsClean || DateTimeOffset.UtcNow > bound)
            {
                return verdict;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }
}
