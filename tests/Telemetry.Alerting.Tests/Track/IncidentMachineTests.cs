using FsCheck;
using FsCheck.Fluent;
using Telemetry.Alerting.Evaluate;
using Telemetry.Alerting.Read;
using Telemetry.Alerting.Tests.Support;
using Telemetry.Alerting.Track;

namespace Telemetry.Alerting.Tests.Track;

/// <summary>Whatever is seen, silenced, acknowledged and restarted in whichever order.</summary>
public sealed class IncidentMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    private static readonly Rule Plain = Rules.One("name: r, metric: error_rate, operator: \">\", threshold: 1, window: 5m");

    /// <summary>What happens in one round of a history.</summary>
    internal sealed record Happening(Verdict Verdict, bool Silenced, bool Acknowledged, bool Restart, bool LosesAnswer, int Seconds);

    [Fact]
    public void No_history_opens_two_incidents_of_a_key_or_fires_without_owing_or_leaves_one_told_without_its_end()
    {
        Gen<Happening> happening =
            from verdict in Gen.Elements(Verdict.Clear, Verdict.Breached, Verdict.Breached, Verdict.Holding, Verdict.Unknown)
            from silenced in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
            from acknowledged in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
            from restart in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
            from loses in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            from seconds in Gen.Choose(1, 400)
            select new Happening(verdict, silenced, acknowledged, restart, loses, seconds);
        Gen<(int For, int Keep, Happening[] History)> histories =
            from hold in Gen.Elements(0, 30, 300)
            from keep in Gen.Elements(0, 60)
            from history in happening.ArrayOf(60)
            select (hold, keep, history);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(histories.ToArbitrary(), h => Play(h.For, h.Keep, h.History)));
    }

    [Fact]
    public void It_fires_when_the_condition_held_for_long_enough_and_not_before()
    {
        var book = new IncidentBook();
        Rule rule = Plain with { For = TimeSpan.FromMinutes(2) };
        Assert.Equal("pending", Assert.Single(Step(book, rule, Verdict.Breached, 0)).What);
        Assert.Empty(Step(book, rule, Verdict.Breached, 119));
        IncidentChange fired = Assert.Single(Step(book, rule, Verdict.Breached, 120));
        Assert.Equal(("fired", NotificationKinds.Fired), (fired.What, fired.OwesKind));
        Assert.Equal(["page"], fired.Owes);
        Assert.Empty(Step(book, rule, Verdict.Breached, 130));
        IncidentChange resolved = Assert.Single(Step(book, rule, Verdict.Clear, 140));
        Assert.Equal(["page"], resolved.Owes);
    }

    [Fact]
    public void A_pending_incident_that_passes_tells_nobody()
    {
        var book = new IncidentBook();
        Rule rule = Plain with { For = TimeSpan.FromMinutes(2) };
        Step(book, rule, Verdict.Breached, 0);
        IncidentChange withdrawn = Assert.Single(Step(book, rule, Verdict.Clear, 60));
        Assert.Equal("withdrawn", withdrawn.What);
        Assert.Empty(withdrawn.Owes);
    }

    [Fact]
    public void Between_the_thresholds_an_open_incident_stays_and_none_begins()
    {
        var book = new IncidentBook();
        Assert.Empty(Step(book, Plain, Verdict.Holding, 0));
        Step(book, Plain, Verdict.Breached, 10);
        Assert.Empty(Step(book, Plain, Verdict.Holding, 20));
        Assert.Equal("resolved", Assert.Single(Step(book, Plain, Verdict.Clear, 30)).What);
    }

    [Fact]
    public void Flapping_holds_an_incident_open_so_that_people_hear_little_of_it()
    {
        var book = new IncidentBook();
        int told = 0;
        for (int i = 0; i < 60; i++)
        {
            told += Step(book, Plain, i % 2 == 0 ? Verdict.Breached : Verdict.Clear, i * 60).Count(c => c.OwesKind == NotificationKinds.Fired);
        }

        Assert.Equal(IncidentMachine.FlapFires, told);
        Assert.True(Assert.Single(book.Open).Flapping);
    }

    [Fact]
    public void Who_was_spared_by_a_silence_hears_when_it_ends_if_it_is_not_over()
    {
        var book = new IncidentBook();
        Assert.Empty(Assert.Single(Step(book, Plain, Verdict.Breached, 0, silenced: true)).Owes);
        Assert.Empty(Step(book, Plain, Verdict.Breached, 10, silenced: true));
        Assert.Equal(["page"], Assert.Single(Step(book, Plain, Verdict.Breached, 20)).Owes);
        Assert.Equal(["page"], Assert.Single(Step(book, Plain, Verdict.Clear, 30, silenced: true)).Owes);
    }

    [Fact]
    public void Nobody_who_was_never_told_hears_that_it_is_over()
    {
        var book = new IncidentBook();
        Step(book, Plain, Verdict.Breached, 0, silenced: true);
        Assert.Empty(Assert.Single(Step(book, Plain, Verdict.Clear, 10)).Owes);
    }

    [Fact]
    public void Without_an_acknowledgement_it_escalates_and_with_one_it_does_not()
    {
        Rule rule = Plain with { Escalations = [new Escalation(TimeSpan.FromMinutes(15), ["boss"])] };
        var quiet = new IncidentBook();
        Step(quiet, rule, Verdict.Breached, 0);
        IncidentChange escalated = Assert.Single(Step(quiet, rule, Verdict.Breached, 900));
        Assert.Equal((NotificationKinds.Escalated, "boss"), (escalated.OwesKind, Assert.Single(escalated.Owes)));
        Assert.Empty(Step(quiet, rule, Verdict.Breached, 1800));
        Assert.Equal(["boss", "page"], Assert.Single(Step(quiet, rule, Verdict.Clear, 1900)).Owes.Order());

        var heard = new IncidentBook();
        Step(heard, rule, Verdict.Breached, 0);
        Assert.Equal("acknowledged", Assert.Single(Step(heard, rule, Verdict.Breached, 60, acknowledgedBy: "ada")).What);
        Assert.Empty(Step(heard, rule, Verdict.Breached, 900, acknowledgedBy: "ada"));
    }

    [Fact]
    public void After_a_day_without_information_an_incident_is_over()
    {
        var book = new IncidentBook();
        Step(book, Plain, Verdict.Breached, 0);
        Assert.Empty(Step(book, Plain, Verdict.Unknown, 10));
        Assert.Empty(Step(book, Plain, Verdict.Unknown, 80_000));
        Assert.Equal("resolved", Assert.Single(Step(book, Plain, Verdict.Unknown, 86_500)).What);
    }

    [Fact]
    public void A_rule_that_is_removed_ends_its_incidents()
    {
        var book = new IncidentBook();
        Step(book, Plain, Verdict.Breached, 0);
        Assert.Equal(["page"], Assert.Single(book.EndWithout(new HashSet<string>(), Start.AddSeconds(10))).Owes);
        Assert.Empty(book.EndWithout(new HashSet<string> { "r" }, Start.AddSeconds(10)));
    }

    // The log is what is recorded; a restart knows nothing else. An answer that is lost leaves the record in place and the memory without it.
    private static bool Play(int hold, int keep, Happening[] history)
    {
        Rule rule = Plain with { For = TimeSpan.FromSeconds(hold), KeepFiringFor = TimeSpan.FromSeconds(keep) };
        var log = new List<IncidentChange>();
        var book = new IncidentBook();
        int seconds = 0;
        foreach (Happening now in history)
        {
            seconds += now.Seconds;
            if (now.Restart)
            {
                Reload(ref book, log);
            }

            IReadOnlyList<IncidentChange> changes = Compute(book, rule, now.Verdict, seconds, now.Silenced, now.Acknowledged ? "ada" : null);
            log.AddRange(changes);
            if (now.LosesAnswer)
            {
                Reload(ref book, log);
            }
            else
            {
                changes.ToList().ForEach(c => book.Apply(c.After));
            }

            var last = log.GroupBy(c => c.After.Id).Select(g => g.OrderBy(c => c.After.Version).Last().After).ToList();
            Assert.True(last.Count(i => i.IsOpen) <= 1, "two open incidents of a key");
            Assert.Equal(last.Where(i => i.IsOpen).Select(i => i.Id), book.Open.Select(i => i.Id));
        }

        foreach (IGrouping<string, IncidentChange> incident in log.GroupBy(c => c.After.Id))
        {
            Assert.Equal(Enumerable.Range(1, incident.Count()), incident.Select(c => c.After.Version));
            IncidentChange? fired = incident.SingleOrDefault(c => c.What == "fired");
            Assert.True(fired is null || fired.After.Silenced || fired.Owes.Count > 0, "fired without owing");
            Assert.True(incident.Count(c => c.OwesKind == NotificationKinds.Fired) <= 1, "told twice that it fires");
            bool told = incident.Any(c => c.OwesKind == NotificationKinds.Fired);
            bool over = incident.Any(c => c.After.State == IncidentState.Resolved);
            Assert.Equal(told && over ? 1 : 0, incident.Count(c => c.OwesKind == NotificationKinds.Resolved));
        }

        return true;
    }

    private static void Reload(ref IncidentBook book, List<IncidentChange> log)
    {
        book = new IncidentBook();
        book.Load(log.GroupBy(c => c.After.Id).Select(g => g.OrderBy(c => c.After.Version).Last().After));
    }

    private static IReadOnlyList<IncidentChange> Step(IncidentBook book, Rule rule, Verdict verdict, int seconds, bool silenced = false, string? acknowledgedBy = null)
    {
        IReadOnlyList<IncidentChange> changes = Compute(book, rule, verdict, seconds, silenced, acknowledgedBy);
        changes.ToList().ForEach(c => book.Apply(c.After));
        return changes;
    }

    private static IReadOnlyList<IncidentChange> Compute(IncidentBook book, Rule rule, Verdict verdict, int seconds, bool silenced, string? acknowledgedBy) => book.Step(
        rule, new Evaluation([new Sample(Labels.None, verdict, 1, "text")], Verdict.Clear), Start.AddSeconds(seconds), (_, _, _) => new Routing(["page"], silenced, acknowledgedBy, ["page"]));
}
