using Telemetry.Alerting.Evaluate;
using Telemetry.Alerting.Read;

namespace Telemetry.Alerting.Track;

/// <summary>The open incidents of the instance that evaluates, and what a round changes in them. Not thread-safe.</summary>
internal sealed class IncidentBook
{
    /// <summary>After that long without any information an incident is over.</summary>
    public static readonly TimeSpan LongestUnknown = TimeSpan.FromDays(1);

    private readonly Dictionary<string, Incident> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<DateTimeOffset>> _fires = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _unknownSince = new(StringComparer.Ordinal);

    /// <summary>Open incidents.</summary>
    public IReadOnlyCollection<Incident> Open => _open.Values;

    /// <summary>The open incident of a key.</summary>
    public Incident? Find(string key) => _open.GetValueOrDefault(key);

    /// <summary>Starts from what is recorded: the last state of each incident.</summary>
    public void Load(IEnumerable<Incident> incidents)
    {
        _open.Clear();
        _fires.Clear();
        _unknownSince.Clear();
        foreach (Incident incident in incidents.OrderBy(i => i.StartedAt))
        {
            Apply(incident);
        }
    }

    /// <summary>Takes over what was recorded.</summary>
    public void Apply(Incident incident)
    {
        if (incident.Fires.Count > 0)
        {
            _fires[incident.Key] = incident.Fires;
        }

        if (incident.IsOpen)
        {
            _open[incident.Key] = incident;
        }
        else if (_open.TryGetValue(incident.Key, out Incident? open) && open.Id == incident.Id)
        {
            _open.Remove(incident.Key);
            _unknownSince.Remove(incident.Key);
        }
    }

    /// <summary>Forgets fires that count no more.</summary>
    public void Tidy(DateTimeOffset now)
    {
        foreach (string key in _fires.Where(f => f.Value.All(at => now - at >= IncidentMachine.FlapWindow)).Select(f => f.Key).ToArray())
        {
            _fires.Remove(key);
        }
    }

    /// <summary>What an evaluation of a rule changes; nothing is applied yet.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="evaluation">What was seen.</param>
    /// <param name="now">When.</param>
    /// <param name="route">Who must hear, whether it is silenced and who acknowledged, for a severity, labels and the open incident.</param>
    public IReadOnlyList<IncidentChange> Step(Rule rule, Evaluation evaluation, DateTimeOffset now, Func<string, Labels, Incident?, Routing> route)
    {
        var changes = new List<IncidentChange>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Sample sample in evaluation.Samples)
        {
            string key = IncidentMachine.KeyOf(rule.Name, sample.Labels);
            if (seen.Add(key))
            {
                Add(changes, Step(rule, key, sample, now, route));
            }
        }

        foreach (Incident absent in _open.Values.Where(i => i.Rule == rule.Name && !seen.Contains(i.Key)))
        {
            Add(changes, Step(rule, absent.Key, new Sample(new Labels(absent.Labels), evaluation.Absent, null, ""), now, route));
        }

        return changes;
    }

    /// <summary>Ends incidents of rules that are not there any more.</summary>
    public IReadOnlyList<IncidentChange> EndWithout(IReadOnlySet<string> rules, DateTimeOffset now) =>
        [.. _open.Values.Where(i => !rules.Contains(i.Rule)).Select(i => IncidentMachine.End(i, "its rule was removed", now))];

    private IncidentChange? Step(Rule rule, string key, Sample sample, DateTimeOffset now, Func<string, Labels, Incident?, Routing> route)
    {
        Incident? open = Find(key);
        if (open is not null && IsUnknownForTooLong(key, sample.Verdict, now))
        {
            return IncidentMachine.End(open, "nothing was heard of it for a day", now);
        }

        Routing routing = route(open?.Severity ?? sample.Severity ?? rule.Severity, sample.Labels, open);
        return IncidentMachine.Step(open, new StepInput(
            rule, sample, now, routing.Targets, routing.IsSilenced, routing.AcknowledgedBy, routing.Acknowledging, _fires.GetValueOrDefault(key) ?? []));
    }

    private bool IsUnknownForTooLong(string key, Verdict verdict, DateTimeOffset now)
    {
        if (verdict != Verdict.Unknown)
        {
            _unknownSince.Remove(key);
            return false;
        }

        return _unknownSince.TryGetValue(key, out DateTimeOffset since) ? now - since >= LongestUnknown : !_unknownSince.TryAdd(key, now);
    }

    private static void Add(List<IncidentChange> changes, IncidentChange? change)
    {
        if (change is not null)
        {
            changes.Add(change);
        }
    }
}

/// <summary>Who hears of an incident.</summary>
/// <param name="Targets">Channels.</param>
/// <param name="IsSilenced">Whether they are spared.</param>
/// <param name="AcknowledgedBy">Who acknowledged it; null for nobody.</param>
/// <param name="Acknowledging">Channels whose receiver wants to know that somebody has acknowledged it.</param>
internal sealed record Routing(IReadOnlyList<string> Targets, bool IsSilenced, string? AcknowledgedBy, IReadOnlyList<string> Acknowledging);
