using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests.Captures;

/// <summary>One recorded scenario of one library.</summary>
internal sealed class Capture
{
    private readonly string _path;

    private Capture(string path) => _path = path;

    /// <summary>Library and scenario.</summary>
    public string Name => $"{Path.GetFileName(Path.GetDirectoryName(_path))}/{Path.GetFileName(_path)}";

    /// <summary>What of the ledger reaches the wire.</summary>
    public string OnTheWire => JsonDocument.Parse(File.ReadAllText(Path.Combine(_path, "expected.json"))).RootElement.GetProperty("on_the_wire").GetString()!;

    /// <summary>Number of its spans.</summary>
    public int SpanCount => JsonDocument.Parse(File.ReadAllText(Path.Combine(_path, "spans.json"))).RootElement.GetArrayLength();

    /// <summary>Trace ids of its spans.</summary>
    public IReadOnlyList<string> Traces =>
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(_path, "spans.json"))).RootElement.EnumerateArray().Select(s => s.GetProperty("trace_id").GetString()!).Distinct()];

    /// <summary>What the provider served.</summary>
    public IReadOnlyList<LedgerEntry> Ledger => [.. File.ReadLines(Path.Combine(_path, "ledger.jsonl")).Where(l => l.Length > 0).Select(LedgerEntry.Parse)];

    /// <summary>Every recorded scenario.</summary>
    public static IEnumerable<Capture> All()
    {
        string root = typeof(Capture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;
        return Directory.GetFiles(Path.Combine(root, "tests", "captures"), "ledger.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => new Capture(Path.GetDirectoryName(f)!));
    }

    /// <summary>Its requests as they were sent: transport, content type, content encoding, body.</summary>
    public IEnumerable<(string Transport, string ContentType, string? Encoding, byte[] Body)> Requests()
    {
        foreach (string headers in Directory.GetFiles(_path, "traces-*.headers.json").Order(StringComparer.Ordinal))
        {
            JsonElement sent = JsonDocument.Parse(File.ReadAllText(headers)).RootElement;
            string stem = headers[..^".headers.json".Length];
            string? encoding = sent.GetProperty("content-encoding").GetString();
            string plain = File.Exists(stem + ".bin") ? stem + ".bin" : stem + ".json";
            yield return (sent.GetProperty("transport").GetString()!, sent.GetProperty("content-type").GetString()!, encoding, File.ReadAllBytes(encoding == "gzip" ? plain + ".gz" : plain));
        }
    }
}

/// <summary>One request that the provider served.</summary>
internal sealed record LedgerEntry(string Id, string Model, bool IsOk, long Input, long Cached, long Output, long Reasoning)
{
    // List prices of the models in the captures, US dollars a million tokens: input, cached input, output (openai.com/api/pricing, 2025).
    private static readonly Dictionary<string, (decimal Input, decimal Cached, decimal Output)> Prices = new()
    {
        ["gpt-4o-mini-2024-07-18"] = (0.15m, 0.075m, 0.60m),
        ["o4-mini"] = (1.10m, 0.275m, 4.40m),
    };

    /// <summary>What the provider bills for it.</summary>
    public decimal Cost => CostWith(Cached);

    /// <summary>What is billed where the cached share is not told.</summary>
    public decimal UpperBound => CostWith(0);

    public static LedgerEntry Parse(string line)
    {
        JsonElement e = JsonDocument.Parse(line).RootElement;
        bool ok = e.GetProperty("status").ValueKind == JsonValueKind.Number && e.GetProperty("status").GetInt32() == 200;
        return new LedgerEntry(
            e.GetProperty("id").GetString()!, e.GetProperty("model_answered").GetString()!, ok, e.GetProperty("input_tokens").GetInt64(), e.GetProperty("cached_tokens").GetInt64(),
            e.GetProperty("output_tokens").GetInt64(), e.GetProperty("reasoning_tokens").GetInt64());
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Model} {Input} ({Cached}) -> {Output} ({Reasoning})");

    private decimal CostWith(long cached) => (((Input - cached) * Prices[Model].Input) + (cached * Prices[Model].Cached) + (Output * Prices[Model].Output)) / 1_000_000;
}
