using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Telemetry.ClickHouse.Embedded.Engine;

namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>The user of a request.</summary>
/// <param name="Name">Name.</param>
/// <param name="ReadOnly">May only read.</param>
internal sealed record FrontUser(string Name, bool ReadOnly);

/// <summary>Checks name and password, from the X-ClickHouse headers, basic authentication or the URL, as ClickHouse takes them.</summary>
internal sealed class FrontUsers(EmbeddedClickHouseOptions options)
{
    /// <exception cref="EngineException">516 AUTHENTICATION_FAILED, the same for a wrong name and a wrong password.</exception>
    internal FrontUser Authenticate(HttpRequest request)
    {
        (string name, string password) = Credentials(request);
        bool admin = Equal(name, options.User) & Equal(password, options.Password);
        bool reader = options.ReadOnlyUser.Length > 0 & Equal(name, options.ReadOnlyUser) & Equal(password, options.ReadOnlyPassword);
        return admin || reader
            ? new FrontUser(name, !admin)
            : throw EngineException.Create(
                516, "AUTHENTICATION_FAILED", $"{name}: Authentication failed: password is incorrect, or there is no user with such name.");
    }

    private (string Name, string Password) Credentials(HttpRequest request)
    {
        string user = request.Headers["X-ClickHouse-User"].ToString();
        string key = request.Headers["X-ClickHouse-Key"].ToString();
        if (user.Length > 0 || key.Length > 0)
        {
            return (OrDefault(user), key);
        }

        string authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return Basic(authorization["Basic ".Length..].Trim());
        }

        return (OrDefault(request.Query["user"].ToString()), request.Query["password"].ToString());
    }

    private (string Name, string Password) Basic(string encoded)
    {
        byte[] decoded = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, decoded, out int length))
        {
            throw EngineException.Create(516, "AUTHENTICATION_FAILED", "Invalid authentication: the Basic credentials are not base64");
        }

        string text = Encoding.UTF8.GetString(decoded, 0, length);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (OrDefault(text), "") : (OrDefault(text[..colon]), text[(colon + 1)..]);
    }

    private string OrDefault(string name) => name.Length == 0 ? options.User : name;

    /// <summary>Compares in a time that does not depend on where the texts differ, nor on their lengths.</summary>
    private static bool Equal(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
