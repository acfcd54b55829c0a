using System.CommandLine;
using System.Globalization;
using System.Text;
using Telemetry.CommandLine.Ask;
using Telemetry.Query.Ask;
using Telemetry.Query.Filter;

namespace Telemetry.CommandLine.Top;

/// <summary><c>telemetry top</c>: calls as they run, refreshed. On a terminal it redraws and takes keys; elsewhere it prints one table after the other.</summary>
internal static class TopCommand
{
    private const string EnterScreen = "\u001b[?1049h\u001b[?25l";
    private const string LeaveScreen = "\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string ClearBelow = "\u001b[J";
    private const string ClearToEndOfLine = "\u001b[K";
    private static readonly TimeSpan s_keyPause = TimeSpan.FromMilliseconds(50);

    public static Command Create(TimeProvider time)
    {
        var by = new Option<string>("--by") { Description = $"What the rows are: {string.Join(", ", TopState.Dimensions)}", DefaultValueFactory = _ => TopState.Dimensions[0] };
        by.CompletionSources.Add([.. TopState.Dimensions]);
        var order = new Option<string>("--sort") { Description = $"What decides the order: {string.Join(", ", TopState.Orders)}", DefaultValueFactory = _ => TopState.Orders[0] };
        order.CompletionSources.Add([.. TopState.Orders]);
        var minutes = new Option<int>("--minutes") { Description = "Length of the range, 1 to 1440", DefaultValueFactory = _ => 15 };
        var rows = new Option<int>("--rows") { Description = "Most rows, 1 to 200", DefaultValueFactory = _ => 20 };
        var every = new Option<double>("--every") { Description = "Seconds between two looks, at least 0.5", DefaultValueFactory = _ => 5 };
        var count = new Option<int>("--count") { Description = "How often to look; 0 until q or Ctrl-C", DefaultValueFactory = _ => 0 };
        var json = new Option<bool>("--json") { Description = "Print one object a look, for machines" };
        var filters = new FilterOptions();
        var connection = new QueryConnection();
        var command = new Command("top", $"Shows calls as they run. Keys: {TopState.Keys}") { by, order, minutes, rows, every, count, json };
        filters.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var state = new TopState(
                One("--by", result.GetRequiredValue(by), TopState.Dimensions), Between("--minutes", result.GetRequiredValue(minutes), 1, 1440), One("--sort", result.GetRequiredValue(order), TopState.Orders));
            var run = new TopRun(
                result, connection, filters.Read(result), Between("--rows", result.GetRequiredValue(rows), 1, 200), TimeSpan.FromSeconds(Math.Max(0.5, result.GetRequiredValue(every))), result.GetRequiredValue(count), time);
            return await (result.GetValue(json) ? run.PrintJsonAsync(state, cancellation) : Terminal.CanRedraw(result.InvocationConfiguration.Output) ? run.DrawAsync(state, cancellation) : run.PrintAsync(state, cancellation));
        });
        return command;
    }

    private static string One(string field, string value, IReadOnlyList<string> allowed) => allowed.Contains(value) ? value : throw new InvalidQueryException(field, value, string.Join(", ", allowed));

    private static int Between(string field, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new InvalidQueryException(field, value.ToString(CultureInfo.InvariantCulture), $"{least} to {most}");

    private sealed class TopRun(ParseResult command, QueryConnection connection, Selection selection, int rows, TimeSpan every, int count, TimeProvider time)
    {
        private TextWriter Output => command.InvocationConfiguration.Output;

        public Task<int> PrintAsync(TopState state, CancellationToken cancellation) => RepeatAsync(async () => await Output.WriteLineAsync(await DrawnAsync(state, cancellation)), cancellation);

        public Task<int> PrintJsonAsync(TopState state, CancellationToken cancellation) => RepeatAsync(
            async () =>
            {
                IReadOnlyDictionary<string, Result> results = await AskAsync(state, cancellation);
                await Output.WriteLineAsync(CommandOutput.Serialize(new { At = time.GetUtcNow(), state.By, state.Minutes, Now = RowTable.First(results["now"]), Before = RowTable.First(results["before"]), Rows = RowTable.Objects(results["rows"]) }));
            },
            cancellation);

        public async Task<int> DrawAsync(TopState state, CancellationToken cancellation)
        {
            await Output.WriteAsync(EnterScreen);
            try
            {
                for (int looks = 0; !state.Quit && (count == 0 || looks < count); looks++)
                {
                    string drawn = await DrawnAsync(state, cancellation);
                    await Output.WriteAsync(Home + drawn.Replace("\n", ClearToEndOfLine + "\n", StringComparison.Ordinal) + ClearBelow);
                    await Output.FlushAsync(cancellation);
                    state = await WaitAsync(state, cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Ctrl-C.
            }
            finally
            {
                await Output.WriteAsync(LeaveScreen);
                await Output.FlushAsync(CancellationToken.None);
            }

            return ExitCodes.Done;
        }

        // Until it is time to look again, or a key changes what is shown.
        private async Task<TopState> WaitAsync(TopState state, CancellationToken cancellation)
        {
            long started = time.GetTimestamp();
            TopState current = state;
            while (current == state && (current.Paused || time.GetElapsedTime(started) < every))
            {
                if (Console.KeyAvailable)
                {
                    current = current.After(Console.ReadKey(intercept: true).KeyChar);
                }
                else
                {
                    await Task.Delay(s_keyPause, time, cancellation);
                }
            }

            return current;
        }

        private async Task<int> RepeatAsync(Func<Task> look, CancellationToken cancellation)
        {
            try
            {
                for (int looks = 1; ; looks++)
                {
                    await look();
                    await Output.FlushAsync(cancellation);
                    if (looks == count)
                    {
                        return ExitCodes.Done;
                    }

                    await Task.Delay(every, time, cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return ExitCodes.Done;
            }
        }

        private async Task<string> DrawnAsync(TopState state, CancellationToken cancellation)
        {
            IReadOnlyDictionary<string, Result> results = await AskAsync(state, cancellation);
            var text = new StringBuilder();
            await using var writer = new StringWriter(text, CultureInfo.InvariantCulture);
            TopView.Write(CommandOutput.Open(writer), state, results, time.GetUtcNow());
            return text.ToString();
        }

        private Task<IReadOnlyDictionary<string, Result>> AskAsync(TopState state, CancellationToken cancellation) =>
            connection.AskAllAsync(command, TopView.Statements(state, rows, selection, time.GetUtcNow()), cancellation);
    }
}
