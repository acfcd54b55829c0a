using System.ComponentModel.DataAnnotations;
using Telemetry.Hosting.Tls;

namespace Telemetry.ClickHouse.Client;

/// <summary>How to reach ClickHouse. Section <see cref="Section"/>.</summary>
public sealed class ClickHouseOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:ClickHouse";

    /// <summary>The HTTP interface of a ClickHouse server, or of the embedded engine. No credentials in it.</summary>
    [Required]
    public Uri Url { get; set; } = new("http://127.0.0.1:8123");

    /// <summary>Database that unqualified names mean.</summary>
    [Required]
    [RegularExpression("^[A-Za-z_][A-Za-z0-9_]{0,63}$", ErrorMessage = "a name of letters, digits and underscores is expected")]
    public string Database { get; set; } = "telemetry";

    /// <summary>User name.</summary>
    [Required]
    public string User { get; set; } = "default";

    /// <summary>Password; empty when the user has none.</summary>
    public string Password { get; set; } = "";

    /// <summary>TLS of an https URL: roots to trust and a certificate of our own.</summary>
    public TlsClientOptions Tls { get; } = new();

    /// <summary>Longest time for one request with its whole answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "must be between 00:00:01 and 01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Compression of inserted blocks on the wire. None is best for the embedded engine and a near server.</summary>
    public InsertCompression InsertCompression { get; set; } = InsertCompression.None;

    /// <summary>Most bytes that the result of one query may have; a larger one is an error, so that no query can fill the memory.</summary>
    [Range(1 << 16, 1 << 30, ErrorMessage = "must be between 65536 and 1073741824 bytes")]
    public int MaxResultBytes { get; set; } = 256 << 20;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is null)
        {
            yield break;
        }

        if (!Url.IsAbsoluteUri || (Url.Scheme != Uri.UriSchemeHttp && Url.Scheme != Uri.UriSchemeHttps))
        {
            yield return new ValidationResult("an absolute http or https URL is expected", [nameof(Url)]);
        }
        else if (Url.UserInfo.Length > 0 || Url.Query.Length > 0)
        {
            yield return new ValidationResult("must hold no credentials and no query; use User, Password and Database", [nameof(Url)]);
        }
    }
}

/// <summary>How inserted blocks are compressed on the wire.</summary>
public enum InsertCompression
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>gzip at its fastest level, for a server across a slow network.</summary>
    Gzip,
}
