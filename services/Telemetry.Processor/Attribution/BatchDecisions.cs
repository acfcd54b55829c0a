using System.Globalization;
using System.Text;

namespace Telemetry.Processor.Attribution;

/// <summary>A call that was billed by an earlier batch and is taken back.</summary>
/// <param name="Trace">Lower-case hex.</param>
/// <param name="Span">Lower-case hex.</param>
/// <param name="Reason">One of <see cref="NotBilled"/>.</param>
internal readonly record struct Correction(string Trace, string Span, string Reason);

/// <summary>
/// What a batch decided beyond what its spans say by themselves. It is noted with the batch's range before anything is inserted, so that a replay after a
/// crash decides the same, whatever is remembered by then.
/// </summary>
internal sealed class BatchDecisions
{
    private const char Duplicate = 'd';
    private const char Aggregate = 'a';

    private static readonly (char Code, string Reason)[] Reasons =
    [
        ('w', NotBilled.Wrapper), ('s', NotBilled.ServerSide), ('t', NotBilled.SameCall),
    ];

    private readonly List<(int Index, char Code)> _items = [];

    /// <summary>Calls of earlier batches that are taken back.</summary>
    public List<Correction> Corrections { get; } = [];

    /// <summary>Number of spans that came before.</summary>
    public int Duplicates => _items.Count(i => i.Code == Duplicate);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _items.Clear();
        Corrections.Clear();
    }

    /// <summary>A span that came before: it is dropped.</summary>
    public void AddDuplicate(int index) => _items.Add((index, Duplicate));

    /// <summary>A wrapper that is billed for want of the calls below it.</summary>
    public void AddAggregate(int index) => _items.Add((index, Aggregate));

    /// <summary>A call that is not billed.</summary>
    public void AddNotBilled(int index, string reason) => _items.Add((index, Reasons.First(r => r.Reason == reason).Code));

    /// <summary>Calls back for every span that was decided on.</summary>
    public void ForEach(Action<SpanOutcome> decided)
    {
        foreach ((int index, char code) in _items)
        {
            decided(code switch
            {
                Duplicate => new SpanOutcome(index, SpanOutcomeKind.Duplicate, ""),
                Aggregate => new SpanOutcome(index, SpanOutcomeKind.Aggregate, ""),
                _ => new SpanOutcome(index, SpanOutcomeKind.NotBilled, Reasons.FirstOrDefault(r => r.Code == code).Reason ?? ""),
            });
        }
    }

    /// <summary>As a short text: <c>12w,17d;trace:span:w</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach ((int index, char code) in _items)
        {
            text.Append(text.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{index}").Append(code);
        }

        foreach (Correction correction in Corrections)
        {
            text.Append(';').Append(correction.Trace).Append(':').Append(correction.Span).Append(':').Append(Reasons.First(r => r.Reason == correction.Reason).Code);
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static BatchDecisions Parse(string text)
    {
        var decisions = new BatchDecisions();
        string[] parts = text.Split(';');
        foreach (string item in parts[0].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            decisions._items.Add((int.Parse(item.AsSpan(0, item.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture), item[^1]));
        }

        foreach (string correction in parts.Skip(1))
        {
            string[] fields = correction.Split(':');
            string? reason = fields.Length == 3 ? Reasons.FirstOrDefault(r => r.Code == fields[2].FirstOrDefault()).Reason : null;
            decisions.Corrections.Add(new Correction(fields[0], fields.ElementAtOrDefault(1) ?? "", reason ?? throw new FormatException($"\"{correction}\" is no correction")));
        }

        return decisions;
    }
}
