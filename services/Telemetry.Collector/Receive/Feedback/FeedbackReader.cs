using System.Globalization;
using System.Text.Json;

namespace Telemetry.Collector.Receive.Feedback;

/// <summary>Reads the JSON of <c>POST /v1/feedback</c>: one item or an array. Either everything is right, or nothing is taken and all that is wrong is named.</summary>
internal sealed class FeedbackReader(TimeProvider time)
{
    /// <summary>Most items of one request.</summary>
    public const int MostItems = 1000;

    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;
    private const int LongestName = 100;
    private const int LongestLabel = 200;
    private const int LongestId = 256;
    private const int LongestComment = 8 * 1024;
    private const int MostProblems = 20;
    private const int Deepest = 8;
    private const int LowestRating = 1;
    private const int HighestRating = 5;

    // As long as scores are kept.
    private static readonly TimeSpan Back = TimeSpan.FromDays(400);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    private static readonly string[] Known =
    [
        "trace_id", "span_id", "response_id", "kind", "value", "name", "label", "comment", "user", "source", "service", "idempotency_key", "timestamp",
    ];

    /// <summary>Reads a request.</summary>
    /// <param name="json">The body.</param>
    /// <param name="headerKey">The Idempotency-Key header; it stands for the whole request. Null when absent.</param>
    /// <exception cref="RefusedException">Something is wrong with it; never to be retried.</exception>
    public List<FeedbackItem> Read(ReadOnlyMemory<byte> json, string? headerKey)
    {
        if (headerKey is { Length: 0 or > LongestId })
        {
            throw RefusedException.Invalid($"Idempotency-Key has {headerKey.Length} characters; allowed: 1 to {LongestId}");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Deepest });
            return Read(document.RootElement, headerKey);
        }
        catch (JsonException e)
        {
            throw RefusedException.Invalid($"the body is not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // Found out when a text is read, not before.
            throw RefusedException.Invalid("a text in the body is not Unicode; allowed: JSON in UTF-8, without halves of surrogate pairs");
        }
    }

    private List<FeedbackItem> Read(JsonElement root, string? headerKey)
    {
        if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) || (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() is 0 or > MostItems))
        {
            throw RefusedException.Invalid($"the body is {root.ValueKind}; allowed: one JSON object, or an array of 1 to {MostItems} of them");
        }

        return root.ValueKind == JsonValueKind.Object
            ? ReadAll([root], _ => headerKey, isArray: false)
            : ReadAll([.. root.EnumerateArray()], i => headerKey is null ? null : string.Create(CultureInfo.InvariantCulture, $"{headerKey}/{i}"), isArray: true);
    }

    private List<FeedbackItem> ReadAll(JsonElement[] elements, Func<int, string?> keyOf, bool isArray)
    {
        var problems = new List<string>();
        var items = new List<FeedbackItem>(elements.Length);
        var seen = new HashSet<string>();
        for (int i = 0; i < elements.Length && problems.Count < MostProblems; i++)
        {
            string path = isArray ? string.Create(CultureInfo.InvariantCulture, $"[{i}].") : "";
            if (Read(elements[i], path, keyOf(i), problems) is not { } item)
            {
                continue;
            }

            if (!seen.Add(item.Id))
            {
                problems.Add($"{path}idempotency_key is that of an item before it, or both are the same user's opinion of one name about one answer; allowed: each once in a request");
            }

            items.Add(item);
        }

        return problems.Count == 0 ? items : throw RefusedException.Invalid(string.Join("; ", problems));
    }

    private FeedbackItem? Read(JsonElement element, string path, string? headerKey, List<string> problems)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{path.TrimEnd('.')} is {element.ValueKind}; allowed: an object");
            return null;
        }

        var fields = new FeedbackFields(element, path, problems);
        fields.RefuseOthers(Known);
        byte[] trace = fields.Hex("trace_id", TraceIdBytes);
        byte[] span = fields.Hex("span_id", SpanIdBytes);
        string response = fields.Text("response_id", LongestId);
        if (fields.IsValid && trace.Length == 0 && response.Length == 0)
        {
            fields.Refuse("trace_id", "one of trace_id (with or without span_id) and response_id must be there");
        }

        if (fields.IsValid && span.Length > 0 && trace.Length == 0)
        {
            fields.Refuse("span_id", "only together with trace_id");
        }

        if (!fields.Has("kind"))
        {
            fields.Refuse("kind", "thumbs, rating, score, label, comment");
            return null;
        }

        FeedbackKind kind = Enum.Parse<FeedbackKind>(fields.Word("kind", "thumbs", "rating", "score", "label", "comment"), ignoreCase: true);
        (double? value, string label) = Opinion(fields, kind);
        string name = Name(fields, kind);
        string source = fields.Word("source", "user", "human");
        string user = fields.Text("user", LongestId);
        string key = fields.Text("idempotency_key", LongestId) is { Length: > 0 } own ? own : headerKey ?? "";
        string comment = fields.Text("comment", LongestComment);
        if (kind == FeedbackKind.Comment && fields.IsValid && comment.Length == 0)
        {
            fields.Refuse("comment", "a text, because kind is comment");
        }

        var item = new FeedbackItem
        {
            Id = key.Length > 0 ? FeedbackId.OfKey(key) : FeedbackId.OfTarget(Convert.ToHexStringLower(trace), Convert.ToHexStringLower(span), response, name, source, user),
            TraceId = trace,
            SpanId = span,
            ResponseId = response,
            Name = name,
            Source = source,
            Value = value,
            Label = label,
            Comment = comment,
            User = user,
            Service = fields.Text("service", LongestId),
            Time = fields.Time("timestamp", time.GetUtcNow(), Back, Ahead),
        };
        return fields.IsValid ? item : null;
    }

    private static (double? Value, string Label) Opinion(FeedbackFields fields, FeedbackKind kind)
    {
        string label = kind == FeedbackKind.Label && !fields.Has("label") ? "" : fields.Text("label", LongestLabel);
        switch (kind)
        {
            case FeedbackKind.Thumbs:
                if (!fields.Has("value"))
                {
                    fields.Refuse("value", "up, down");
                }

                string thumb = fields.Word("value", "up", "down");
                return (thumb == "up" ? 1 : 0, label.Length > 0 ? label : thumb);
            case FeedbackKind.Rating:
                double? rating = fields.Number("value", LowestRating, HighestRating);
                return ((rating - LowestRating) / (HighestRating - LowestRating), label.Length > 0 ? label : rating?.ToString(CultureInfo.InvariantCulture) ?? "");
            case FeedbackKind.Score:
                return (fields.Number("value", 0, 1), label);
            case FeedbackKind.Label:
                string word = label.Length > 0 ? label : fields.Text("value", LongestLabel);
                if (word.Length == 0 && fields.IsValid)
                {
                    fields.Refuse("value", "a text, because kind is label");
                }

                return (null, word);
            default:
                if (fields.Has("value"))
                {
                    fields.Refuse("value", "none, because kind is comment");
                }

                return (null, label);
        }
    }

    private static string Name(FeedbackFields fields, FeedbackKind kind)
    {
        string name = fields.Text("name", LongestName);
        if (name.Length == 0 && kind == FeedbackKind.Score && fields.IsValid)
        {
            fields.Refuse("name", "a text, because kind is score: what was measured");
        }

        return name.Length > 0 ? name : kind.ToString().ToLowerInvariant();
    }
}
