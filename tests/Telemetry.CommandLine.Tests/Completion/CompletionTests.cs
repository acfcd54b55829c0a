using System.Diagnostics;

namespace Telemetry.CommandLine.Tests.Completion;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class CompletionTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(new[] { "" }, new[] { "accounts", "alerts", "backup", "calls", "completion", "cost", "dead-letters", "detect", "eval", "judge", "keys", "levers", "prices", "prompts", "reprice", "restore", "retention", "review", "status", "top", "trace" })]
    [InlineData(new[] { "sta" }, new[] { "status" })]
    [InlineData(new[] { "alerts", "s" }, new[] { "send-test", "silence", "silences" })]
    [InlineData(new[] { "calls", "--fol" }, new[] { "--follow" })]
    [InlineData(new[] { "calls", "--sort", "t" }, new[] { "time", "ttft_ms" })]
    [InlineData(new[] { "calls", "--status", "" }, new[] { "error", "ok" })]
    [InlineData(new[] { "cost", "--by", "prompt" }, new[] { "prompt", "prompt_version" })]
    [InlineData(new[] { "completion", "" }, new[] { "bash", "fish", "zsh" })]
    public async Task Words_are_completed_by_what_there_is(string[] words, string[] expected)
    {
        CommandRun run = await CommandRun.Of(["complete", "--", .. words]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_shell_that_is_not_known_is_refused() => Assert.Contains("allowed: bash, zsh, fish", (await CommandRun.Of("completion", "cmd")).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("telemetry sta", "status")]
    [InlineData("telemetry alerts sile", "silence silences")]
    [InlineData("telemetry calls --sort t", "time ttft_ms")]
    [InlineData("telemetry calls --where mo", "model= model_answered=")]
    [InlineData("telemetry cost --by prompt", "prompt prompt_version")]
    [InlineData("telemetry nothing x", "")]
    public async Task Bash_completes(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "no bash");
        string directory = Directory.CreateTempSubdirectory("telemetry-completion-").FullName;
        try
        {
            await WriteCommandAsync(directory);
            // As bash itself calls it when a tab is typed at the end of the line.
            string script = """
                source <(telemetry completion bash) || exit 1
                COMP_LINE="$1" COMP_POINT=${#1}
                read -r -a COMP_WORDS <<< "$1"
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                complete -p telemetry >/dev/null || exit 2
                _telemetry
                echo "${COMPREPLY[*]}"
                """;

            (int code, string output, string error) = await RunAsync("/bin/bash", directory, "--norc", "-c", script, "bash", line);

            Assert.True(code == 0, error);
            Assert.Equal(expected, output.Trim());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("bash", "/bin/bash", "-n")]
    [InlineData("zsh", "/usr/bin/zsh", "-n")]
    [InlineData("fish", "/usr/bin/fish", "--no-execute")]
    public async Task A_script_is_one_that_its_shell_understands(string shell, string executable, string check)
    {
        Assert.SkipUnless(File.Exists(executable), $"no {shell}");
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, (await CommandRun.Of("completion", shell)).Output, _cancellation);

            (int code, _, string error) = await RunAsync(executable, Path.GetTempPath(), check, file);

            Assert.True(code == 0, error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task WriteCommandAsync(string directory)
    {
        string command = Path.Combine(directory, "telemetry");
        await File.WriteAllTextAsync(command, $"#!/bin/sh\nexec dotnet '{typeof(CommandLineApp).Assembly.Location}' \"$@\"\n", _cancellation);
        File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string executable, string path, params string[] args)
    {
        var start = new ProcessStartInfo(executable, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{path}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(_cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(_cancellation);
        await process.WaitForExitAsync(_cancellation);
        return (process.ExitCode, output, await error);
    }
}
