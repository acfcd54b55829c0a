using System.Globalization;

namespace Telemetry.BigData;

/// <summary>What the command line says.</summary>
/// <param name="Calls">Calls that the rollups hold.</param>
/// <param name="Raw">Calls that <c>llm_calls</c> holds.</param>
/// <param name="Days">Days that both are spread over.</param>
/// <param name="Runs">How often each page is asked.</param>
/// <param name="Path">Directory of the data.</param>
/// <param name="Keep">Whether it is left there, and used again if it is there.</param>
internal sealed record Arguments(long Calls, long Raw, int Days, int Runs, string Path, bool Keep)
{
    public const string Help = """
        Fills the embedded engine with many calls, and times what pages ask.
          --calls 100000000   calls that the rollups hold
          --raw 10000000      calls, with their spans, content and judgements, that stand by themselves
          --days 30           days that both are spread over
          --runs 9            how often each page is asked
          --path DIR          where the data is; a temporary directory by default
          --keep              leave the data there, and use it again if it is there
        """;

    public static Arguments Parse(string[] args)
    {
        string temporary = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "telemetry-big-data");
        var read = new Arguments(100_000_000, 10_000_000, 30, 9, temporary, args.Contains("--keep"));
        for (int i = 0; i < args.Length; i++)
        {
            string Value() => i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value");
            read = args[i] switch
            {
                "--calls" => read with { Calls = Number(Value()) },
                "--raw" => read with { Raw = Number(Value()) },
                "--days" => read with { Days = (int)Number(Value()) },
                "--runs" => read with { Runs = (int)Number(Value()) },
                "--path" => read with { Path = Value() },
                "--keep" => read,
                _ => throw new ArgumentException($"{args[i]} is not known\n{Help}"),
            };
        }

        return read;
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
