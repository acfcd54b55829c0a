namespace Telemetry.Processor.Attribution;

/// <summary>Whether two spans may be reports of one provider call, and which of them tells it worse.</summary>
internal static class CallReports
{
    /// <summary>Nothing that both tell differs: response, tokens, model, outcome.</summary>
    public static bool Agree(in SeenSpan a, in SeenSpan b)
    {
        bool responsesDiffer = a.Response != 0 && b.Response != 0 && a.Response != b.Response && a.Role == b.Role;
        bool tokensAgree = !a.HasUsage || !b.HasUsage || (a.Input == b.Input && a.Output == b.Output);
        return !responsesDiffer && tokensAgree && ModelsAgree(a, b) && a.IsError == b.IsError;
    }

    private static bool ModelsAgree(in SeenSpan a, in SeenSpan b)
    {
        if ((a.ModelRequested == 0 && a.ModelAnswered == 0) || (b.ModelRequested == 0 && b.ModelAnswered == 0))
        {
            return true;
        }

        return (a.ModelRequested != 0 && (a.ModelRequested == b.ModelRequested || a.ModelRequested == b.ModelAnswered))
            || (a.ModelAnswered != 0 && (a.ModelAnswered == b.ModelAnswered || a.ModelAnswered == b.ModelRequested));
    }

    /// <summary>They have a moment in common.</summary>
    public static bool Overlap(in SeenSpan a, in SeenSpan b) => a.Start <= b.End && b.Start <= a.End;

    /// <summary>One lies within the other, give or take the tolerance in nanoseconds.</summary>
    public static bool Nested(in SeenSpan a, in SeenSpan b, long tolerance) =>
        (a.Start <= b.Start + tolerance && b.End <= a.End + tolerance) || (b.Start <= a.Start + tolerance && a.End <= b.End + tolerance);

    /// <summary>Whether the second of two reports of one call is to give way to the first.</summary>
    public static bool SecondIsWorse(in SeenSpan first, in SeenSpan second)
    {
        if (first.IsConfirmedCall != second.IsConfirmedCall)
        {
            return first.IsConfirmedCall;
        }

        if (first.HasUsage != second.HasUsage)
        {
            return first.HasUsage;
        }

        if (first.Detail != second.Detail)
        {
            return first.Detail > second.Detail;
        }

        // The inner of the two is nearer to the provider; ids decide where even that is equal, so that every order of arrival decides the same.
        long firstLength = first.End - first.Start;
        long secondLength = second.End - second.Start;
        return firstLength != secondLength ? firstLength < secondLength : first.Span <= second.Span;
    }
}
