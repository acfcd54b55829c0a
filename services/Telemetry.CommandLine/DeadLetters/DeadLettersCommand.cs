using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using Spectre.Console;

namespace Telemetry.CommandLine.DeadLetters;

/// <summary><c>telemetry dead-letters</c>: records that could not be decoded; to look at, and to send again when what was wrong has been mended.</summary>
internal static class DeadLettersCommand
{
    private const int MostAtOnce = 10_000;
    private const string KeyVariable = "TELEMETRY_INGEST_KEY";

    public static Command Create(TimeProvider time) => new("dead-letters", "Records that could not be decoded.") { List(time), Show(), Replay(time) };

    private static Command List(TimeProvider time)
    {
        Option<DateTimeOffset?> since = Since();
        var all = new Option<bool>("--all") { Description = "Also those that were sent again and taken" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("list", "Lists them, oldest first.") { since, all, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var store = new DeadLetterStore(connection.Open(result));
            IReadOnlyList<StoredLetter> letters = await store.ListAsync(result.GetValue(since) ?? Earliest(time), !result.GetValue(all), MostAtOnce, cancellation);
            CommandOutput.Print(result, result.GetValue(json), letters, console => Print(console, letters));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var id = new Argument<string>("id") { Description = "Id as list prints it, for example 0-4711" };
        var raw = new Option<FileInfo?>("--raw") { Description = "Also write the record's bytes to this file" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("show", "Shows one with the beginning of its record.") { id, raw, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            string wanted = result.GetRequiredValue(id);
            StoredLetter? letter = await new DeadLetterStore(connection.Open(result)).FindAsync(wanted, cancellation);
            if (letter is null)
            {
                return await NotFoundAsync(result, wanted);
            }

            if (result.GetValue(raw) is { } file)
            {
                await File.WriteAllBytesAsync(file.FullName, letter.Record!, cancellation);
            }

            CommandOutput.Print(result, result.GetValue(json), letter, console => Print(console, letter));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Replay(TimeProvider time)
    {
        var id = new Argument<string[]>("id") { Description = "Ids as list prints them; none with --all", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All that were not taken yet" };
        Option<DateTimeOffset?> since = Since();
        var collector = new Option<string>("--collector") { Description = "OTLP/HTTP address of a Collector", DefaultValueFactory = _ => "http://127.0.0.1:4318" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("replay", "Sends them to a Collector again, with the ingest key of their tenant in TELEMETRY_INGEST_KEY where keys are needed. What is still wrong is refused again and stays; what was there already is not counted twice.") { id, all, since, collector, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var store = new DeadLetterStore(connection.Open(result));
            IEnumerable<string> ids = result.GetValue(id) ?? [];
            if (result.GetValue(all))
            {
                ids = (await store.ListAsync(result.GetValue(since) ?? Earliest(time), openOnly: true, MostAtOnce, cancellation)).Select(l => l.Id);
            }

            return await ReplayAsync(result, store, [.. ids], result.GetRequiredValue(collector), result.GetValue(json), cancellation);
        });
        return command;
    }

    private static async Task<int> ReplayAsync(ParseResult result, DeadLetterStore store, IReadOnlyList<string> ids, string collector, bool json, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
        {
            http.DefaultRequestHeaders.Add("x-api-key", key);
        }

        var outcomes = new List<ReplayOutcome>();
        foreach (string id in ids)
        {
            if (await store.FindAsync(id, cancellation) is not { } letter)
            {
                return await NotFoundAsync(result, id);
            }

            (bool accepted, string answer) = await SendAsync(http, collector, letter, cancellation);
            await store.NoteAsync(id, accepted, answer, cancellation);
            outcomes.Add(new ReplayOutcome(id, accepted, answer));
        }

        CommandOutput.Print(result, json, outcomes, console =>
        {
            foreach (ReplayOutcome outcome in outcomes.Where(o => !o.Accepted))
            {
                console.WriteLine($"{outcome.Id}: {outcome.Answer}");
            }

            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcomes.Count(o => o.Accepted)} of {outcomes.Count} taken"));
        });
        return outcomes.TrueForAll(o => o.Accepted) ? ExitCodes.Done : ExitCodes.NotDone;
    }

    private static async Task<(bool Accepted, string Answer)> SendAsync(HttpClient http, string collector, StoredLetter letter, CancellationToken cancellation)
    {
        string path = letter.Topic.EndsWith(".logs", StringComparison.Ordinal) ? "/v1/logs" : "/v1/traces";
        using var content = new ByteArrayContent(letter.Record!);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using HttpResponseMessage answer = await http.PostAsync(new Uri(new Uri(collector), path), content, cancellation);
        string text = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode} {answer.ReasonPhrase}");
        return (answer.IsSuccessStatusCode, text);
    }

    private static Option<DateTimeOffset?> Since() => new("--since") { Description = "Only those put aside since then; default 30 days ago" };

    private static DateTimeOffset Earliest(TimeProvider time) => time.GetUtcNow() - TimeSpan.FromDays(30);

    private static async Task<int> NotFoundAsync(ParseResult result, string id)
    {
        await result.InvocationConfiguration.Error.WriteLineAsync($"there is no dead letter \"{id}\"; telemetry dead-letters list prints the ids");
        return ExitCodes.NotDone;
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<StoredLetter> letters)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("id").AddColumn("put aside").AddColumn("from").AddColumn(new TableColumn("bytes").RightAligned()).AddColumn("replayed").AddColumn("reason");
        foreach (StoredLetter letter in letters)
        {
            table.AddRow(
                new Text(letter.Id), new Text(letter.At.ToString("u", CultureInfo.InvariantCulture)), new Text(string.Create(CultureInfo.InvariantCulture, $"{letter.Topic}/{letter.Partition}@{letter.Offset}")),
                new Text(letter.Bytes.ToString("N0", CultureInfo.InvariantCulture)), new Text(letter.ReplayedAt?.ToString("u", CultureInfo.InvariantCulture) ?? ""), new Text(letter.Reason));
        }

        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{letters.Count} dead letters"));
    }

    private static void Print(IAnsiConsole console, StoredLetter letter)
    {
        const int BytesInLine = 16;
        const int MostShown = 256;
        Print(console, [letter]);
        foreach (byte[] line in letter.Record!.Take(MostShown).Chunk(BytesInLine))
        {
            string text = new([.. line.Select(b => b is >= 0x20 and < 0x7f ? (char)b : '.')]);
            console.WriteLine($"{Convert.ToHexStringLower(line).PadRight(BytesInLine * 2)}  {text}");
        }
    }
}

/// <summary>What became of a letter that was sent again.</summary>
internal sealed record ReplayOutcome(string Id, bool Accepted, string Answer);
