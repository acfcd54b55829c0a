using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Telemetry.Screening;
using Telemetry.Screening.Tests.Labelled;

// Prints the tables of docs/privacy.md: what is found of the labelled set, and bytes looked at a second on one core.
const int Texts = 200_000;
var quality = new Quality();
var set = new LabelledSet(1);
var dense = new StringBuilder();
for (int i = 0; i < Texts; i++)
{
    LabelledText text = set.Next();
    quality.Add(text);
    _ = i < 20_000 ? dense.AppendLine(text.Text) : dense;
}

Console.WriteLine("| kind | labels | precision | recall |\n|---|---|---|---|");
foreach (PiiKind kind in Enum.GetValues<PiiKind>())
{
    Console.WriteLine($"| {kind.Name()} | {quality.Labels(kind)} | {quality.Precision(kind):P2} | {quality.Recall(kind):P2} |");
}

if (args.Contains("--examples"))
{
    quality.Examples.ForEach(Console.WriteLine);
}

string prose = string.Concat(Enumerable.Range(0, 20_000).Select(i => "The model answered the question in plain words, and nobody found anything to object to in what it said that day. " + (i % 7 == 0 ? "It took 3.5 seconds: not bad. " : "")));
string chat = JsonSerializer.Serialize(Enumerable.Range(0, 5000).Select(i => new { role = i % 2 == 0 ? "user" : "assistant", parts = new[] { new { type = "text", content = $"Line {i}\nThe answer is \"{i * 7}\" and that is all there is to say about it.\n" } } }));
string log = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"2026-11-21T12:{i % 60:D2}:{i % 59:D2}.{i % 1000:D3}Z INFO [worker-{i % 9}] request_id=7f3a{i:x8} status=200 bytes={i * 37} path=/v1/items/{i} took={i % 97}ms\n"));
Console.WriteLine("\n| text | as text, MB/s | as JSON may be, MB/s |\n|---|---|---|");
foreach ((string name, string text) in (ReadOnlySpan<(string, string)>)[("prose", prose), ("messages as JSON", chat), ("log lines", log), ("labelled set", dense.ToString()), ("digits", new string('7', 2_000_000))])
{
    // So short that a busy machine does not get in between, and the best of many.
    byte[] utf8 = Encoding.UTF8.GetBytes(text)[..(64 << 10)];
    var matches = new List<PiiMatch>();
    var finder = new TextFinder();
    double plain = Measure(utf8.Length, () => PiiScanner.Find(utf8, PiiKinds.All, matches), matches);
    double json = Measure(utf8.Length, () => finder.Find(default, utf8, PiiKinds.All, matches), matches);
    Console.WriteLine($"| {name} | {plain:F0} | {json:F0} |");
}

static double Measure(int bytes, Action look, List<PiiMatch> matches)
{
    double best = 0;
    for (int run = 0; run < 2000; run++)
    {
        matches.Clear();
        long started = Stopwatch.GetTimestamp();
        look();
        best = Math.Max(best, bytes / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    return best;
}
