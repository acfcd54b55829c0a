using Telemetry.Fuzz.Mutation;

namespace Telemetry.Fuzz.Tests;

/// <summary>A check that cannot fail is no check: the fuzzer finds what is there to be found.</summary>
public sealed class PlantedFaultTests : IDisposable
{
    private const int Inputs = 20_000;
    private readonly string _directory = Directory.CreateTempSubdirectory("telemetry-fuzz-tests-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("OutOfRange", "ArgumentOutOfRangeException")]
    [InlineData("Difference", "something else than the reference")]
    [InlineData("Memory", "bytes allocated")]
    [InlineData("Hang", "hangs")]
    [InlineData("Slow", "slow")]
    public void A_planted_fault_is_found(string fault, string reason)
    {
        FuzzTotals totals = Run(Enum.Parse<Fault>(fault));

        FuzzFinding finding = Assert.Single(totals.Findings);
        Assert.Contains(reason, finding.Reason, StringComparison.Ordinal);
        Assert.True(finding.Index >= new PlantedFault(Fault.None).Seeds.Count, "the seeds do not show it");
    }

    [Fact]
    public void A_reader_without_a_fault_has_no_finding()
    {
        FuzzTotals totals = Run(Fault.None);

        Assert.Empty(totals.Findings);
        Assert.Equal(Inputs, totals.Inputs);
    }

    [Fact]
    public void A_finding_can_be_fed_again_from_its_file_and_from_its_number()
    {
        FuzzFinding finding = Assert.Single(Run(Fault.Difference).Findings);
        byte[] saved = File.ReadAllBytes(finding.Path!);

        Assert.Equal(finding.Input, saved);
        Assert.Contains("reference", FuzzAttempt.Run(new PlantedFault(Fault.Difference), saved, TimeSpan.MaxValue).Failure, StringComparison.Ordinal);
        FuzzTotals again = new FuzzRun(() => new PlantedFault(Fault.Difference), new FuzzPlan(1, 1) { First = finding.Index }, TextWriter.Null).Run();
        Assert.Equal(saved, Assert.Single(again.Findings).Input);
    }

    [Fact]
    public void Threads_share_the_inputs_of_a_run_among_them()
    {
        FuzzTotals one = Run(Fault.Difference);
        FuzzTotals three = new FuzzRun(() => new PlantedFault(Fault.None), new FuzzPlan(1, Inputs) { Parallel = 3 }, TextWriter.Null).Run();

        Assert.Equal(Inputs, three.Inputs);
        Assert.Equal(Inputs, one.Inputs);
    }

    [Fact]
    public void The_input_at_hand_outlives_the_process_and_is_gone_after_a_run_in_order()
    {
        string path = Path.Combine(_directory, "planted-9.current");
        byte[]? left;
        using (var journal = new FuzzJournal(path))
        {
            journal.Write("the last input"u8);
            left = FuzzJournal.Read(path);
        }

        Assert.Equal("the last input"u8.ToArray(), left);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_same_seed_makes_the_same_inputs_and_most_are_new(string name)
    {
        IFuzzTarget target = FuzzTargets.Find(name).Make();
        var first = new Mutator(target, 5);
        var second = new Mutator(target, 5);
        var seen = new HashSet<string>();
        const int Made = 200;
        for (int i = 0; i < Made; i++)
        {
            string input = Convert.ToHexString(first.Make(i));
            Assert.Equal(input, Convert.ToHexString(second.Make(i)));
            seen.Add(input);
        }

        (target as IDisposable)?.Dispose();
        Assert.True(seen.Count > Made * 0.8, $"{seen.Count} of {Made} inputs differ");
    }

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Where(t => !t.IsAlone).Select(t => t.Name)];

    private FuzzTotals Run(Fault fault)
    {
        var plan = new FuzzPlan(1, Inputs) { Directory = _directory };
        return new FuzzRun(
            () => new PlantedFault(fault),
            fault switch
            {
                Fault.Hang => plan with { LongestInput = TimeSpan.FromSeconds(1), MostFindings = 1 },
                Fault.Slow => plan with { SlowInput = TimeSpan.FromMilliseconds(100), MostFindings = 1 },
                _ => plan,
            },
            TextWriter.Null).Run();
    }
}
