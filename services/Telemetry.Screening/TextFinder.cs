using Telemetry.Screening.Json;

namespace Telemetry.Screening;

/// <summary>
/// Looks for personal and secret data in texts that may be JSON, and in JSON within its strings: what is written with escapes is found as well, and every match
/// is told in the bytes of the text as it stands, so that putting letters, digits, brackets and underscores in its place leaves the JSON valid at every depth.
/// Holds buffers that it uses again; not thread-safe.
/// </summary>
public sealed class TextFinder
{
    private const int Deepest = 4;
    private const int LongestNamed = 256;
    private const int ContextBytes = 48;

    private readonly byte[][] _buffers = [[], [], [], [], []];

    /// <summary>Bytes of the buffers that it holds.</summary>
    public int Capacity
    {
        get
        {
            int bytes = 0;
            foreach (byte[] buffer in _buffers)
            {
                bytes += buffer.Length;
            }

            return bytes;
        }
    }

    /// <summary>Adds every match, in the order of the text, without overlaps.</summary>
    /// <param name="name">What the text is called, for example the key of an attribute; it may tell what a number is.</param>
    /// <param name="text">UTF-8; other bytes are no error.</param>
    /// <param name="wanted">Kinds to look for.</param>
    /// <param name="matches">Where they go.</param>
    public void Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, PiiKinds wanted, List<PiiMatch> matches)
    {
        ArgumentNullException.ThrowIfNull(matches);
        if (JsonText.LooksLike(text))
        {
            FindJson(text, wanted, matches, 0);
        }
        else if (text.Length <= LongestNamed && name.Length > 0)
        {
            FindNamed(name[^Math.Min(name.Length, ContextBytes)..], text, wanted, matches);
        }
        else
        {
            PiiScanner.Find(text, wanted, matches);
        }
    }

    // The name goes before the text, and what is found in the name is left out.
    private void FindNamed(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, PiiKinds wanted, List<PiiMatch> matches)
    {
        Span<byte> both = stackalloc byte[ContextBytes + 1 + LongestNamed];
        name.CopyTo(both);
        both[name.Length] = (byte)':';
        text.CopyTo(both[(name.Length + 1)..]);
        FindBehind(both[..(name.Length + 1 + text.Length)], name.Length + 1, wanted, matches);
    }

    private static void FindBehind(ReadOnlySpan<byte> text, int start, PiiKinds wanted, List<PiiMatch> matches)
    {
        int first = matches.Count;
        PiiScanner.Find(text, wanted, matches);
        int kept = first;
        for (int i = first; i < matches.Count; i++)
        {
            PiiMatch match = matches[i];
            if (match.Start >= start)
            {
                matches[kept++] = match with { Start = match.Start - start };
            }
        }

        matches.RemoveRange(kept, matches.Count - kept);
    }

    // Strings with escapes are looked at unescaped; all between them as it stands.
    private void FindJson(ReadOnlySpan<byte> json, PiiKinds wanted, List<PiiMatch> matches, int depth)
    {
        int plain = 0;
        int at = 0;
        while (depth < Deepest && JsonText.TryNextString(json, ref at, out int start, out int end, out bool isEscaped))
        {
            if (!isEscaped)
            {
                continue;
            }

            FindPlain(json, plain, start, wanted, matches);
            FindEscaped(json, start, end, wanted, matches, depth);
            plain = Math.Min(end + 1, json.Length);
        }

        FindPlain(json, plain, json.Length, wanted, matches);
    }

    private static void FindPlain(ReadOnlySpan<byte> json, int start, int end, PiiKinds wanted, List<PiiMatch> matches)
    {
        int first = matches.Count;
        PiiScanner.Find(json[start..end], wanted, matches);
        int counted = start;
        bool isInString = false;
        int kept = first;
        for (int i = first; i < matches.Count; i++)
        {
            PiiMatch match = matches[i] with { Start = matches[i].Start + start };
            isInString ^= (json[counted..match.Start].Count((byte)'"') & 1) != 0;
            counted = match.Start;
            if (!isInString)
            {
                match = JsonText.WholeNumber(json, match);
            }

            // Two matches may be parts of one number.
            if (kept == first || match.Start >= matches[kept - 1].End)
            {
                matches[kept++] = match;
            }
        }

        matches.RemoveRange(kept, matches.Count - kept);
    }

    private void FindEscaped(ReadOnlySpan<byte> json, int start, int end, PiiKinds wanted, List<PiiMatch> matches, int depth)
    {
        // What stands before the string, its name most often, tells what a number in it is.
        ReadOnlySpan<byte> raw = json[start..end];
        int context = Math.Min(ContextBytes, start);
        byte[] buffer = _buffers[depth];
        if (buffer.Length < context + raw.Length)
        {
            _buffers[depth] = buffer = new byte[Math.Max(context + raw.Length, buffer.Length * 2)];
        }

        json[(start - context)..start].CopyTo(buffer);
        int length = JsonText.Unescape(raw, buffer.AsSpan(context));
        ReadOnlySpan<byte> text = buffer.AsSpan(context, length);
        int first = matches.Count;
        if (JsonText.LooksLike(text))
        {
            FindJson(text, wanted, matches, depth + 1);
        }
        else
        {
            FindBehind(buffer.AsSpan(0, context + length), context, wanted, matches);
        }

        JsonText.MapBack(raw, start, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(matches)[first..]);
    }
}
