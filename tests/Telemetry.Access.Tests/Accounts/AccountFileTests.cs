using Telemetry.Access.Accounts;
using Telemetry.TestKit;

namespace Telemetry.Access.Tests.Accounts;

public sealed class AccountFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => System.IO.Path.Combine(_directory.Path, "accounts.json");

    [Fact]
    public void What_is_written_is_read_again_and_is_its_owners_alone()
    {
        var ann = new Account("ann@example.com", Passwords.Hash("correct horse battery"), Role.Responder, ["acme"], true, DateTimeOffset.UnixEpoch);
        string token = AccountFile.Change(Path, set =>
        {
            (AccountSet changed, _, string secret) = set.With(ann).CreateToken("grafana", Role.Viewer, null, false, DateTimeOffset.UnixEpoch, null);
            return (changed, secret);
        });
        AccountSet read = AccountFile.Read(Path);
        Account kept = Assert.Single(read.Accounts);
        Assert.Equal((ann.Name, Role.Responder, "acme", true), (kept.Name, kept.Role, Assert.Single(kept.Tenants!), kept.MayReadContent));
        Assert.Equal(token[3..13], Assert.Single(read.Tokens).Id);
        Assert.DoesNotContain(token[14..], File.ReadAllText(Path), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void Each_change_of_an_account_has_a_new_version()
    {
        var ann = new Account("ann", "", Role.Viewer, null, false, DateTimeOffset.UnixEpoch);
        AccountSet set = AccountSet.Empty.With(ann).With(ann with { Role = Role.Admin }).With(ann);
        Assert.Equal(3, Assert.Single(set.Accounts).Version);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("a b", null)]
    [InlineData("<script>", null)]
    [InlineData("../../etc/passwd", null)]
    [InlineData("ann", "acme' OR 1=1")]
    [InlineData("ann", "../acme")]
    public void Names_that_could_mean_something_else_are_refused(string name, string? tenant) =>
        Assert.Throws<AccessFileException>(() => AccountSet.Empty.With(new Account(name, "", Role.Viewer, tenant is null ? null : [tenant], false, DateTimeOffset.UnixEpoch)));

    [Fact]
    public void A_file_that_others_can_write_or_that_is_broken_lets_nobody_in()
    {
        AccountFile.Change(Path, set => (set, true));
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Contains("can be written by others", Assert.Throws<AccessFileException>(() => AccountFile.Read(Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path, "{\"version\":1,\"accounts\":\"sentinel\"}");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.DoesNotContain("sentinel", Assert.Throws<AccessFileException>(() => AccountFile.Read(Path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
