using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Events;

/// <summary>
/// Judgements on spans, as dialects write them: OpenInference's <c>annotations.N.annotation.*</c> and <c>evaluations.N.evaluation.*</c> about the span, with <c>trace.</c> before
/// them about its trace, on an EVALUATOR span about its parent (Arize-ai/openinference, spec/annotations.md); Logfire's <c>feedback.*</c> on an annotation span about its parent
/// (pydantic/logfire, logfire/experimental/annotations.py); <c>gen_ai.evaluation.result</c> as an event of the judged span. Owned by one lane.
/// </summary>
internal sealed class ToldScores
{
    private const int MostOfAKind = 8;
    private const int LongestName = 256;
    private const int LongestExplanation = 16 * 1024;
    private const int IdBytes = 16;

    private readonly ListedScoreKeys[] _lists;
    private readonly AttributeKey _kind;
    private readonly AttributeKey _spanType;
    private readonly AttributeKey _feedbackName;
    private readonly AttributeKey _feedbackScore;
    private readonly AttributeKey _feedbackLabel;
    private readonly AttributeKey _feedbackAssertion;
    private readonly AttributeKey _feedbackComment;
    private readonly EventKeys _events;
    private readonly List<ToldScore> _scores = [];
    private readonly bool[] _tells;

    public ToldScores(AttributeKeys keys)
    {
        _lists =
        [
            new(keys, "annotations", "annotation", IsOfTrace: false), new(keys, "evaluations", "evaluation", IsOfTrace: false),
            new(keys, "trace.annotations", "annotation", IsOfTrace: true), new(keys, "trace.evaluations", "evaluation", IsOfTrace: true),
        ];
        _kind = keys.Add("openinference.span.kind");
        _spanType = keys.Add("logfire.span_type");
        _feedbackName = keys.Add("feedback.name");
        _feedbackScore = keys.Add("feedback.score");
        _feedbackLabel = keys.Add("feedback.label");
        _feedbackAssertion = keys.Add("feedback.assertion");
        _feedbackComment = keys.Add("feedback.comment");
        _events = new EventKeys(keys);
        _tells = new bool[keys.Count];
        foreach (AttributeKey first in (AttributeKey[])[.. _lists.Select(l => l.Names[0]), _feedbackName])
        {
            _tells[first.Id] = true;
        }
    }

    /// <summary>The judgements that a span tells; valid until the next call.</summary>
    public List<ToldScore> Read(DecodedSpan span)
    {
        _scores.Clear();
        if (!MayTell(span))
        {
            return _scores;
        }

        foreach (ListedScoreKeys list in _lists)
        {
            for (int i = 0; i < MostOfAKind && span.Attributes[list.Names[i]].Text.Length > 0; i++)
            {
                AddListed(span, list, i);
            }
        }

        if (span.Attributes[_feedbackName].Text.Length > 0 && span.Attributes[_spanType].Text.SequenceEqual("annotation"u8))
        {
            AddFeedback(span);
        }

        foreach (DecodedEvent told in span.Events)
        {
            if (told.Name.Span.SequenceEqual("gen_ai.evaluation.result"u8) && _scores.Count < MostOfAKind * _lists.Length)
            {
                AddEvent(span, told);
            }
        }

        return _scores;
    }

    // Nearly every span tells nothing; that is found out without a lookup for each key.
    private bool MayTell(DecodedSpan span)
    {
        foreach ((AttributeKey key, _) in span.Attributes.Known)
        {
            if (key.Id < _tells.Length && _tells[key.Id])
            {
                return true;
            }
        }

        return !span.Events.IsEmpty;
    }

    private void AddListed(DecodedSpan span, ListedScoreKeys list, int i)
    {
        AttributeSet a = span.Attributes;
        bool isOfParent = !list.IsOfTrace && span.ParentSpanId.Length > 0 && a[_kind].Text.SequenceEqual("EVALUATOR"u8);
        Add(
            span, list.IsOfTrace ? default : isOfParent ? span.ParentSpanId : span.SpanId, a[list.Names[i]], a[list.Scores[i]], a[list.Labels[i]], a[list.Explanations[i]], a[list.Identifiers[i]],
            a[list.Kinds[i]].Text.SequenceEqual("HUMAN"u8));
    }

    // Whoever called record_feedback: a person in most apps, but nothing says so.
    private void AddFeedback(DecodedSpan span)
    {
        AttributeSet a = span.Attributes;
        AttributeValue assertion = a[_feedbackAssertion];
        Add(
            span, span.ParentSpanId, a[_feedbackName], assertion.Kind == ValueKind.None ? a[_feedbackScore] : assertion, a[_feedbackLabel], a[_feedbackComment], a[_events.User], isHuman: false);
    }

    private void AddEvent(DecodedSpan span, DecodedEvent told)
    {
        AttributeSet a = told.Attributes;
        Add(span, span.SpanId, a[_events.EvaluationName], a[_events.EvaluationValue], a[_events.EvaluationLabel], a[_events.EvaluationExplanation], a[_events.User], a[_events.ScoreSource].Text.SequenceEqual("human"u8));
    }

    private void Add(
        DecodedSpan span, ReadOnlyMemory<byte> target, AttributeValue name, AttributeValue score, AttributeValue label, AttributeValue explanation, AttributeValue author, bool isHuman)
    {
        double? value = score.Kind == ValueKind.Bool ? score.IntegerValue : score.TryGetNumber(out double number) ? number : null;
        _scores.Add(new ToldScore(
            IdOf(span, _scores.Count), target, Text(name, LongestName), value, Text(label, LongestName), Text(explanation, LongestExplanation), Text(author, LongestName), isHuman));
    }

    private static ReadOnlyMemory<byte> Text(AttributeValue value, int longest) => value.Kind == ValueKind.Text ? value.Slice[..Math.Min(value.Slice.Length, longest)] : default;

    private static byte[] IdOf(DecodedSpan span, int place)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. span.TraceId.Span, .. span.SpanId.Span, (byte)place], hash);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash[..IdBytes]));
    }

    private sealed record ListedScoreKeys(AttributeKeys Keys, string List, string Item, bool IsOfTrace)
    {
        public AttributeKey[] Names { get; } = Of(Keys, List, Item, "name");

        public AttributeKey[] Scores { get; } = Of(Keys, List, Item, "score");

        public AttributeKey[] Labels { get; } = Of(Keys, List, Item, "label");

        public AttributeKey[] Explanations { get; } = Of(Keys, List, Item, "explanation");

        public AttributeKey[] Kinds { get; } = Of(Keys, List, Item, "annotator_kind");

        public AttributeKey[] Identifiers { get; } = Of(Keys, List, Item, "identifier");

        private static AttributeKey[] Of(AttributeKeys keys, string list, string item, string field) =>
            [.. Enumerable.Range(0, MostOfAKind).Select(i => keys.Add(string.Create(CultureInfo.InvariantCulture, $"{list}.{i}.{item}.{field}")))];
    }
}
