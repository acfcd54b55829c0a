using System.Formats.Tar;
using Telemetry.CommandLine.Backup;

namespace Telemetry.CommandLine.Tests.Backup;

/// <summary>A backup is somebody's file: none of its names may lead out of the directory that it is restored into.</summary>
public sealed class BackupNameTests
{
    [Theory]
    [InlineData("clickhouse/store/a/b.bin")]
    [InlineData("span-log/topics/llm.spans/layout")]
    public void Files_below_the_two_folders_are_taken(string name) => Assert.Equal(name, BackupLayout.Checked(name));

    [Theory]
    [InlineData("clickhouse")]
    [InlineData("/etc/passwd")]
    [InlineData("other/file")]
    [InlineData("clickhouse/../../etc/passwd")]
    [InlineData("clickhouse//file")]
    [InlineData("clickhouse/./file")]
    [InlineData("clickhouse/a\\b")]
    [InlineData("clickhouse/a\0b")]
    public void Others_are_not(string name) => Assert.Throws<InvalidDataException>(() => BackupLayout.Checked(name));

    [Fact]
    public async Task A_tar_with_a_name_that_leads_elsewhere_is_refused_and_writes_nothing()
    {
        using var directory = new TemporaryDirectory();
        string tar = Path.Combine(directory.Path, "evil.tar");
        await using (var writer = new TarWriter(File.Create(tar), TarEntryFormat.Gnu))
        {
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, "clickhouse/../../escaped") { DataStream = new MemoryStream([1]) }, TestContext.Current.CancellationToken);
        }

        CommandRun run = await CommandRun.Of("restore", "--from", tar, "--data", Path.Combine(directory.Path, "a", "b"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("clickhouse/../../escaped", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(directory.Path, "escaped", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Neither_data_nor_check_and_both_are_refused()
    {
        Assert.Equal(1, (await CommandRun.Of("restore", "--from", "x")).ExitCode);
        Assert.Equal(1, (await CommandRun.Of("restore", "--from", "x", "--check", "--data", "y")).ExitCode);
    }
}
