using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Screen.Rules;

namespace Telemetry.Processor.Screen;

/// <summary>
/// Looks at every billed call with every rule that is switched on. What was said is looked at whether or not it is stored. Keeps nothing from call to call, so that
/// a replayed batch gets the same flags.
/// </summary>
internal sealed class ScreenStage : IStage
{
    private readonly ScreenedCall _call;
    private readonly IScreenRule[] _withoutContent;
    private readonly IScreenRule[] _withContent;

    public ScreenStage(CallMessages messages, ScreenOptions options)
    {
        _call = new ScreenedCall(messages, options.MaxBytes);
        IScreenRule[] rules =
        [
            .. On(options.Refusal, () => new RefusalRule()),
            .. On(options.Truncated, () => new TruncatedRule()),
            .. On(options.ContentFilter, () => new ContentFilterRule()),
            .. On(options.Empty, () => new EmptyRule()),
            .. On(options.Json, () => new JsonAnswerRule()),
            .. On(options.Tools, () => new ToolCallRule()),
            .. On(options.Repetition, () => new RepetitionRule()),
            .. On(options.Language, () => new LanguageRule()),
            .. On(options.Pii, () => new PiiRule()),
            .. On(options.Injection, () => new InjectionRule()),
        ];
        _withContent = rules;
        _withoutContent = [.. rules.Where(r => !r.NeedsContent)];
    }

    /// <inheritdoc />
    public void Process(ReadOnlySpan<SpanItem> items)
    {
        foreach (SpanItem item in items)
        {
            if (item.IsCall)
            {
                Look(item);
            }
        }
    }

    private void Look(SpanItem item)
    {
        _call.Take(item);
        foreach (IScreenRule rule in _call.TryRead() ? _withContent : _withoutContent)
        {
            rule.Look(_call);
        }
    }

    private static IEnumerable<IScreenRule> On(bool isOn, Func<IScreenRule> make) => isOn ? [make()] : [];
}
