using System.ComponentModel.DataAnnotations;

namespace Telemetry.Collector.Redact;

/// <summary>
/// What is taken out of texts before they reach the span log. A policy is <c>off</c>, <c>mask</c>, <c>hash</c> or <c>drop_content</c>, and after a colon the kinds of data,
/// parted by commas: <c>mask:email,phone</c>. Kinds: email, phone, payment_card, iban, national_id, ip_address, secret, or all.
/// </summary>
public sealed class RedactOptions : IValidatableObject
{
    /// <summary>The policy of every tenant that has none of its own. Without kinds, those that check themselves: secret, payment_card, iban, national_id.</summary>
    [Required]
    public string Default { get; set; } = "mask";

    /// <summary>Policies of tenants, by their names.</summary>
    public Dictionary<string, string> Tenants { get; set; } = [];

    /// <summary>Secret of the hashes, 16 characters or more; the same on every Collector whose hashes are to be compared. Better given as a file.</summary>
    public string HashKey { get; set; } = "";

    /// <summary>File that holds the secret of the hashes; white space at its end does not count.</summary>
    public string HashKeyFile { get; set; } = "";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!RedactPolicy.TryParse(Default, out RedactPolicy? first, out string problem))
        {
            yield return new ValidationResult(problem, [nameof(Default)]);
        }

        bool hashes = first?.Mode == RedactMode.Hash;
        foreach ((string tenant, string text) in Tenants)
        {
            if (!RedactPolicy.TryParse(text, out RedactPolicy? policy, out problem))
            {
                yield return new ValidationResult($"tenant \"{tenant}\" = \"{text}\": {problem}");
            }

            hashes |= policy?.Mode == RedactMode.Hash;
        }

        if (hashes && RedactKey.Problem(this) is { } missing)
        {
            yield return new ValidationResult(missing);
        }
    }
}
