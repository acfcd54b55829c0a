using System.Buffers.Binary;
using Telemetry.Access.Accounts;

namespace Telemetry.Access.Tests.Accounts;

public class PasswordTests
{
    private const string Right = "correct horse battery";

    [Fact]
    public void A_password_is_known_by_its_hash_alone_and_each_hash_has_its_own_salt()
    {
        Account account = Of(Passwords.Hash(Right));
        Assert.True(Passwords.Verify(account, Right));
        Assert.False(Passwords.Verify(account, Right + "x"));
        Assert.False(Passwords.Verify(account, ""));
        Assert.NotEqual(account.PasswordHash, Passwords.Hash(Right));
        Assert.DoesNotContain("horse", account.PasswordHash, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_and_who_is_disabled_or_has_no_password_is_refused()
    {
        Assert.False(Passwords.Verify(null, Right));
        Assert.False(Passwords.Verify(Of(""), ""));
        Assert.False(Passwords.Verify(Of(Passwords.Hash(Right)) with { DisabledAt = DateTimeOffset.UnixEpoch }, Right));
    }

    [Fact]
    public void The_hash_is_as_slow_as_is_asked_for()
    {
        // ASP.NET Core Identity, version 3: 0x01, then pseudo-random function (2 is HMAC-SHA512) and iterations as 32-bit numbers.
        byte[] hash = Convert.FromBase64String(Passwords.Hash(Right));
        Assert.Equal((1, 2u, 210_000u), (hash[0], BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5))));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(257)]
    public void Short_and_endless_passwords_are_not_taken(int length)
    {
        string message = Assert.Throws<AccessFileException>(() => Passwords.Hash(new string('q', length))).Message;
        Assert.DoesNotContain("qq", message, StringComparison.Ordinal);
        Assert.False(Passwords.Verify(Of(Passwords.Hash(Right)), new string('q', 10_000_000)));
    }

    private static Account Of(string hash) => new("ann", hash, Role.Viewer, null, false, DateTimeOffset.UnixEpoch);
}
