using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Telemetry.Access.Accounts;

/// <summary>Hashes and checks passwords with ASP.NET Core Identity's own hasher: PBKDF2, HMAC-SHA512, a salt of 128 random bits.</summary>
public static class Passwords
{
    /// <summary>Fewest characters (NIST SP 800-63B asks for 8, or 15 where it is the only factor).</summary>
    public const int Shortest = 15;

    /// <summary>Most characters, so that nobody lets this machine hash megabytes.</summary>
    public const int Longest = 256;

    /// <summary>OWASP Password Storage Cheat Sheet for PBKDF2 with HMAC-SHA512.</summary>
    private const int Iterations = 210_000;

    private static readonly PasswordHasher<object> s_hasher = new(Options.Create(new PasswordHasherOptions { CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV3, IterationCount = Iterations }));
    private static readonly object s_nobody = new();

    // Somebody who is not there is checked against this, so that the time does not tell who is there.
    private static readonly Lazy<string> s_nobodysHash = new(() => s_hasher.HashPassword(s_nobody, Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))));

    /// <summary>The hash of a password.</summary>
    /// <exception cref="AccessFileException">It is too short or too long.</exception>
    public static string Hash(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return password.Length is >= Shortest and <= Longest
            ? s_hasher.HashPassword(s_nobody, password)
            : throw new AccessFileException($"the password has {password.Length} characters; allowed: {Shortest} to {Longest}");
    }

    /// <summary>Whether a password is an account's; takes the same time when there is no account.</summary>
    public static bool Verify(Account? account, string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        bool hasHash = account is { PasswordHash.Length: > 0 };
        string hash = hasHash ? account!.PasswordHash : s_nobodysHash.Value;
        bool isRight = password.Length <= Longest && s_hasher.VerifyHashedPassword(s_nobody, hash, password) != PasswordVerificationResult.Failed;
        return isRight && hasHash && account!.DisabledAt is null;
    }
}
