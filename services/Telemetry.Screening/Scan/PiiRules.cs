using Telemetry.Screening.Numbers;
using Telemetry.Screening.Secrets;
using Telemetry.Screening.Words;

namespace Telemetry.Screening.Scan;

/// <summary>Every rule for numbers and words, in the order in which they are asked: the strictest first. A new rule is a new line here.</summary>
internal static class PiiRules
{
    /// <summary>Rules for what is written in digits.</summary>
    public static INumberRule[] Numbers { get; } =
    [
        new PaymentCardRule(), new NirRule(), new AhvRule(), new CpfRule(), new SteuerIdRule(), new AadhaarRule(), new PeselRule(), new SocialSecurityRule(), new BsnRule(),
        new SocialInsuranceRule(), new IpV4Rule(), new PhoneRule(),
    ];

    /// <summary>Rules for what has letters and digits.</summary>
    public static IWordRule[] Words { get; } = [new IbanRule(), new NationalInsuranceRule(), new DniRule(), new CodiceFiscaleRule(), new CorsicanNirRule(), new ResidentIdRule()];

    /// <summary>Rules for keys and tokens, by the first byte of what they find.</summary>
    public static IWordRule[][] SecretsByFirstByte { get; } = Group();

    /// <summary>Names of all rules with the kind that they find.</summary>
    public static IEnumerable<(string Name, PiiKind Kind)> Names =>
        Numbers.Select(r => (r.Name, r.Kind)).Concat(Words.Select(r => (r.Name, r.Kind))).Concat(SecretTokens.All.Select(r => (r.Name, r.Kind)))
            .Concat([("aws_access_key", PiiKind.Secret), ("jwt", PiiKind.Secret), ("telemetry_key", PiiKind.Secret), (PrivateKeyRule.Name, PiiKind.Secret), (UrlPasswordRule.Name, PiiKind.Secret), (AssignedSecretRule.Name, PiiKind.Secret)])
            .Concat([(Addresses.EmailRule.Name, PiiKind.Email), (Addresses.IpV6Rule.Name, PiiKind.IpAddress)]).Distinct();

    private static IWordRule[][] Group()
    {
        var groups = new IWordRule[256][];
        Array.Fill(groups, []);
        foreach (byte first in "sgxArhpndkewl"u8)
        {
            groups[first] = [.. SecretTokens.All.Where(r => ((SecretTokenRule)r).BeginsWith(first))];
        }

        groups['A'] = [.. groups['A'], new AwsKeyRule()];
        groups['t'] = [.. groups['t'], new TelemetryKeyRule()];
        groups['e'] = [.. groups['e'], new JsonWebTokenRule()];
        return groups;
    }
}
