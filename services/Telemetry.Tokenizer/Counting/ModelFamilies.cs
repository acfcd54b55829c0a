namespace Telemetry.Tokenizer.Counting;

/// <summary>Which encoding a model uses, by its id.</summary>
internal static class ModelFamilies
{
    private enum Next
    {
        /// <summary>The family's name ends here: nothing follows, or a version, a size or a date after a separator.</summary>
        Separator,

        /// <summary>A digit follows, or the name ends.</summary>
        Anything,
    }

    // The first that fits decides.
    private static readonly (string Name, Next Next, bool IsO200k)[] Families =
    [
        ("gpt-4o", Next.Separator, true),
        ("chatgpt-4o", Next.Separator, true),
        ("gpt-4.", Next.Anything, true),
        ("gpt-5", Next.Separator, true),
        ("gpt-oss", Next.Separator, true),
        ("codex-mini", Next.Separator, true),
        ("o1", Next.Separator, true),
        ("o3", Next.Separator, true),
        ("o4", Next.Separator, true),
        ("gpt-4", Next.Separator, false),
        ("gpt-3.5", Next.Separator, false),
        ("gpt-35", Next.Separator, false),
        ("text-embedding-3", Next.Separator, false),
        ("text-embedding-ada-002", Next.Separator, false),
        ("davinci-002", Next.Separator, false),
        ("babbage-002", Next.Separator, false),
    ];

    /// <summary>Whether the encoding is o200k_base rather than cl100k_base; null where it is not known.</summary>
    /// <param name="model">
    /// Any spelling: <c>gpt-4o-2024-08-06</c>, <c>openrouter/openai/gpt-4o:free</c>, <c>openai:o3</c>, <c>ft:gpt-4o-mini:org::id</c>.
    /// </param>
    public static bool? IsO200k(ReadOnlySpan<char> model)
    {
        ReadOnlySpan<char> id = model[(model.LastIndexOf('/') + 1)..].Trim();
        while (true)
        {
            int colon = id.IndexOf(':');
            ReadOnlySpan<char> part = colon < 0 ? id : id[..colon];
            foreach ((string name, Next next, bool isO200k) in Families)
            {
                if (part.StartsWith(name, StringComparison.OrdinalIgnoreCase) && Fits(part[name.Length..], next))
                {
                    return isO200k;
                }
            }

            if (colon < 0)
            {
                return null;
            }

            id = id[(colon + 1)..];
        }
    }

    private static bool Fits(ReadOnlySpan<char> rest, Next next) => next == Next.Anything || rest.IsEmpty || rest[0] is '-' or '.' or '@' or '_';
}
