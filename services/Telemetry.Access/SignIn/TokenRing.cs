using System.Collections.Frozen;
using System.Security.Cryptography;
using Telemetry.Access.Accounts;
using Telemetry.Keys;

namespace Telemetry.Access.SignIn;

/// <summary>All accounts, and the tokens by their ids.</summary>
internal sealed class TokenRing(AccountSet set)
{
    private readonly FrozenDictionary<string, ApiToken> _tokens = set.Tokens.ToFrozenDictionary(t => t.Id, StringComparer.Ordinal);

    /// <summary>What the file says.</summary>
    public AccountSet Accounts { get; } = set;

    /// <summary>The token that was shown; null when it is none of ours or its time is over.</summary>
    public ApiToken? Find(string presented, DateTimeOffset now)
    {
        if (!KeyText.TryReadId(presented, out ReadOnlySpan<char> id, ApiToken.Prefix))
        {
            return null;
        }

        ApiToken? token = _tokens.GetValueOrDefault(id.ToString());
        byte[] expected = token is null ? new byte[SHA256.HashSizeInBytes] : Convert.FromHexString(token.Hash);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeyText.Hash(presented, hash);
        return CryptographicOperations.FixedTimeEquals(hash, expected) && token!.IsValidAt(now) ? token : null;
    }
}
