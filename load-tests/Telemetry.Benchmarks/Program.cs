using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace Telemetry.Benchmarks;

internal static class Program
{
    private const int Rounds = 40;

    private static readonly int[] BatchSizes = [1_000, 10_000];

    private static void Main(string[] args)
    {
        if (args is ["--screen"])
        {
            StageTable.RunScreen(Rounds);
            return;
        }

        if (args is ["--table"])
        {
            foreach (int spansInBatch in BatchSizes)
            {
                StageTable.Run(Rounds, spansInBatch);
            }

            return;
        }

        // In this process: the projects are built once, and the figures are ratios anyway.
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
            .Run(args, ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance)));
    }
}
