using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Telemetry.Tokenizer;
using Telemetry.Tokenizer.Tests.Text;

const int Rounds = 7;
const int TextBytes = 8192;
const int CorpusBytes = 6_000_000;
string root = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;
(string Name, List<byte[]> Texts)[] corpora =
[
    ("prose: the Markdown files of the npm packages", FromFiles("node_modules", "*.md")),
    ("code: the C# files of this repository", FromFiles(".", "*.cs")),
    ("code: the JavaScript files of the npm packages", FromFiles("node_modules", "*.js")),
    ("JSON: the price book", FromFiles("schemas", "*.json")),
    ("prose in twelve scripts, generated", Cut(new MixedText(1).Prose(CorpusBytes / 2))),
    ("every kind of text, generated", new MixedText(1).Texts(CorpusBytes)),
];

foreach (Func<BytePairEncoding> load in (Func<BytePairEncoding>[])[() => BytePairEncoding.O200kBase, () => BytePairEncoding.Cl100kBase])
{
    long start = Stopwatch.GetTimestamp();
    int tokens = load().Count("one"u8);
    Console.WriteLine($"{load().Name} loaded, and {tokens} token counted, in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
}

Console.WriteLine($"One thread, texts of up to {TextBytes / 1024} KiB, the fastest of {Rounds} rounds, MB of UTF-8 a second");
Console.WriteLine($"{"",-50}{"encoding",-14}{"MB",6}{"tokens",10}{"tiktoken",10}{"encode",10}{"count",10}{"times",7}");
foreach ((string name, List<byte[]> texts) in corpora)
{
    foreach (BytePairEncoding encoding in (BytePairEncoding[])[BytePairEncoding.O200kBase, BytePairEncoding.Cl100kBase])
    {
        double megabytes = texts.Sum(text => (long)text.Length) / 1e6;
        (long theirTokens, double theirs) = Tiktoken(encoding, texts);
        var tokens = new List<int>(TextBytes);
        (long encoded, double encode) = Fastest(() => texts.Sum(text =>
        {
            tokens.Clear();
            return (long)encoding.Encode(text, tokens);
        }));
        (long counted, double count) = Fastest(() => texts.Sum(text => (long)encoding.Count(text)));
        if (theirTokens != encoded || encoded != counted)
        {
            Console.Error.WriteLine($"{name}, {encoding.Name}: tiktoken gives {theirTokens} tokens, encoding {encoded}, counting {counted}");
            return 1;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-50}{encoding.Name,-14}{megabytes,6:F1}{counted,10}{megabytes / theirs,10:F1}{megabytes / encode,10:F1}{megabytes / count,10:F1}{theirs / count,7:F1}"));
    }
}

return 0;

static (long Result, double Seconds) Fastest(Func<long> run)
{
    double best = double.MaxValue;
    long result = 0;
    for (int round = 0; round < Rounds; round++)
    {
        long start = Stopwatch.GetTimestamp();
        result = run();
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    return (result, best);
}

static (long Tokens, double Seconds) Tiktoken(BytePairEncoding encoding, List<byte[]> texts)
{
    string file = Path.GetTempFileName();
    try
    {
        File.WriteAllLines(file, texts.Select(text => JsonSerializer.Serialize(Encoding.UTF8.GetString(text))));
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "tiktoken-speed.mjs"), encoding.Name, file, $"{Rounds}"]) { RedirectStandardOutput = true };
        using Process node = Process.Start(start)!;
        string[] answer = node.StandardOutput.ReadToEnd().Split(' ');
        node.WaitForExit();
        return (long.Parse(answer[0], CultureInfo.InvariantCulture), double.Parse(answer[1], CultureInfo.InvariantCulture));
    }
    finally
    {
        File.Delete(file);
    }
}

List<byte[]> FromFiles(string folder, string pattern)
{
    var texts = new List<byte[]>();
    long bytes = 0;
    var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
    foreach (string file in Directory.EnumerateFiles(Path.Combine(root, folder), pattern, options).Order(StringComparer.Ordinal))
    {
        string path = Path.GetRelativePath(root, file);
        if (bytes >= CorpusBytes || (folder == "." && (path.StartsWith("node_modules", StringComparison.Ordinal) || path.Contains("/obj/", StringComparison.Ordinal))))
        {
            continue;
        }

        List<byte[]> parts = Cut(File.ReadAllBytes(file));
        texts.AddRange(parts);
        bytes += parts.Sum(part => (long)part.Length);
    }

    return texts;
}

static List<byte[]> Cut(byte[] text)
{
    var parts = new List<byte[]>();
    for (int start = 0; start < text.Length;)
    {
        int end = Math.Min(start + TextBytes, text.Length);
        while (end < text.Length && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        parts.Add(text[start..end]);
        start = end;
    }

    return parts;
}
