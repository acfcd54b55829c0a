using Telemetry.Keys;

namespace Telemetry.CommandLine.Tests.Keys;

public sealed class KeysCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string File => Path.Combine(_directory.Path, "keys.json");

    [Fact]
    public async Task A_key_is_created_rotated_revoked_and_listed_and_shown_only_when_it_is_made()
    {
        CommandRun created = await Run("create", "--tenant", "acme", "--name", "checkout", "--expires-in", "90d", "--json");
        string key = created.Json.GetProperty("key").GetString()!;
        string id = created.Json.GetProperty("id").GetString()!;
        Assert.Equal((0, "valid", "2026-12-30T18:00:00+00:00"), (created.ExitCode, created.Json.GetProperty("state").GetString(), created.Json.GetProperty("expires_at").GetString()));
        Assert.Equal(KeyVerdict.Valid, Ring().Check(key, new DateTimeOffset(2026, 10, 2, 0, 0, 0, TimeSpan.Zero), out _));

        CommandRun rotated = await Run("rotate", id, "--grace", "2h", "--json");
        Assert.Equal("2026-12-30T18:00:00+00:00", rotated.Json.GetProperty("expires_at").GetString());
        CommandRun revoked = await Run("revoke", rotated.Json.GetProperty("id").GetString()!);
        Assert.Equal(0, revoked.ExitCode);

        CommandRun listed = await Run("list", "--json");
        Assert.Equal(["valid", "revoked"], listed.Json.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("state").GetString()));
        Assert.Equal("2026-10-01T20:00:00+00:00", listed.Json.GetProperty("keys")[0].GetProperty("expires_at").GetString());
        Assert.DoesNotContain("tk_", listed.Output + (await Run("list")).Output + revoked.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_for_feedback_may_do_nothing_else()
    {
        CommandRun created = await Run("create", "--tenant", "acme", "--scope", "feedback", "--json");
        Assert.Equal(["feedback"], created.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(KeyScopes.Feedback, KeyFile.Read(File).Keys.Single().Scopes);
    }

    [Fact]
    public async Task Limits_are_set_for_a_tenant_and_shown()
    {
        Assert.Equal(0, (await Run("limit", "--tenant", "acme", "--spans-per-second", "500")).ExitCode);
        Assert.Equal(500, (await Run("list", "--json")).Json.GetProperty("limits").GetProperty("acme").GetProperty("spans_per_second").GetDouble());
        Assert.Contains("limits of acme: 500 spans/s", (await Run("list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no key \"nothing\"", "revoke", "nothing")]
    [InlineData("allowed: 1 to 64 letters", "create", "--tenant", "../../etc/passwd")]
    [InlineData("--expires-in \"soon\"", "create", "--expires-in", "soon")]
    [InlineData("allowed: 0 or more", "limit", "--tenant", "acme", "--spans-per-second", "-1")]
    public async Task What_cannot_be_done_is_said_with_what_is_allowed(string expected, params string[] args)
    {
        CommandRun run = await Run(args);
        Assert.Equal(ExitCodes.BadFile, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File) && KeyFile.Read(File).Keys.Count > 0);
    }

    public void Dispose() => _directory.Dispose();

    private Task<CommandRun> Run(params string[] args) => CommandRun.Of(["keys", .. args, "--file", File]);

    private KeyRing Ring() => new(KeyFile.Read(File));
}
