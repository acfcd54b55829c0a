using Telemetry.TestKit;

namespace Telemetry.Keys.Tests;

public sealed class KeyFileTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();

    private string Path => System.IO.Path.Combine(_directory.Path, "new", "keys.json");

    [Fact]
    public void What_is_written_is_read_again_and_holds_no_key()
    {
        string key = Create("acme");
        KeyFile.Change(Path, set => (set.Limit("acme", new TenantLimits(10, 2000, 3)), true));
        KeySet read = KeyFile.Read(Path);
        Assert.Equal(KeyText.HashText(key), read.Keys.Single().Hash);
        Assert.Equal(new TenantLimits(10, 2000, 3), read.Limits["acme"]);
        Assert.DoesNotContain(key[14..], File.ReadAllText(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_its_owners_alone_unless_its_owner_says_otherwise()
    {
        Create("acme");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        UnixFileMode shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(Path, shared);
        Create("acme");
        Assert.Equal(shared, File.GetUnixFileMode(Path));
        File.SetUnixFileMode(Path, shared | UnixFileMode.GroupWrite);
        Assert.Contains("chmod 600", Assert.Throws<KeyFileException>(() => KeyFile.Read(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_changes_at_once_all_count()
    {
        Parallel.For(0, 16, _ =>
        {
            // Whoever finds another at work is told so and comes again.
            for (int tries = 0; ; tries++)
            {
                try
                {
                    Create("acme");
                    return;
                }
                catch (KeyFileException) when (tries < 10_000)
                {
                    Thread.Yield();
                }
            }
        });
        Assert.Equal(16, KeyFile.Read(Path).Keys.Count);
    }

    [Theory]
    [InlineData("", "not of the form")]
    [InlineData("[]", "not of the form")]
    [InlineData("{\"version\":2,\"keys\":[]}", "version = 2")]
    [InlineData("{\"version\":1,\"keys\":[{\"id\":\"secret-sentinel\"}]}", "not of the form")]
    [InlineData("{\"version\":1,\"keys\":[],\"more\":\"secret-sentinel\"}", "not of the form")]
    [InlineData("{\"version\":1,\"keys\":[{\"id\":\"aaaaaaaaaa\",\"tenant\":\"../../etc\",\"hash\":\"\",\"name\":\"\",\"scopes\":\"ingest\",\"created_at\":\"2026-01-01T00:00:00Z\"}]}", "tenant \"../../etc\"")]
    [InlineData("{\"version\":1,\"keys\":[{\"id\":\"aaaaaaaaaa\",\"tenant\":\"acme\",\"hash\":\"secret-sentinel\",\"name\":\"\",\"scopes\":\"ingest\",\"created_at\":\"2026-01-01T00:00:00Z\"}]}", "hash: allowed")]
    [InlineData("{\"version\":1,\"keys\":[],\"limits\":{\"acme\":{\"spans_per_second\":-1,\"bytes_per_second\":0,\"max_concurrent_requests\":0}}}", "limits of tenant \"acme\"")]
    public void A_wrong_file_is_named_and_never_quoted(string content, string expected)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, content);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string message = Assert.Throws<KeyFileException>(() => KeyFile.Read(Path)).Message;
        Assert.StartsWith(Path, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-sentinel", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../acme")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    [InlineData("acme'; DROP TABLE llm_calls")]
    [InlineData("é")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void Names_of_tenants_are_neither_paths_nor_SQL(string tenant) => Assert.Throws<KeyFileException>(() => Create(tenant));

    public void Dispose() => _directory.Dispose();

    private string Create(string tenant) => KeyFile.Change(Path, set =>
    {
        (KeySet changed, _, string key) = set.Create(tenant, "", KeyScopes.All, s_now, null);
        return (changed, key);
    });
}
