using Telemetry.Screening;

namespace Telemetry.Collector.Redact;

/// <summary>What is done for one tenant.</summary>
internal sealed record RedactPolicy(RedactMode Mode, PiiKinds Kinds)
{
    // Those whose checksums or forms leave little doubt, and that nobody needs to read to find out why a call went wrong.
    private const PiiKinds DefaultKinds = PiiKinds.Secret | PiiKinds.PaymentCard | PiiKinds.Iban | PiiKinds.NationalId;

    /// <summary>Reads a policy, <c>mode</c> or <c>mode:kind,kind</c>; false with the problem for people.</summary>
    public static bool TryParse(string text, out RedactPolicy? policy, out string problem)
    {
        policy = null;
        problem = "";
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        RedactMode? mode = parts[0].ToLowerInvariant() switch
        {
            "off" => RedactMode.Off,
            "mask" => RedactMode.Mask,
            "hash" => RedactMode.Hash,
            "drop_content" => RedactMode.DropContent,
            _ => null,
        };
        if (mode is null)
        {
            problem = "allowed: off, mask, hash or drop_content, and kinds behind a colon";
            return false;
        }

        PiiKinds kinds = parts.Length == 1 ? DefaultKinds : PiiKinds.None;
        foreach (string name in parts.Length == 1 ? [] : parts[1].Split(',', StringSplitOptions.TrimEntries))
        {
            if (name.Equals("all", StringComparison.OrdinalIgnoreCase))
            {
                kinds = PiiKinds.All;
            }
            else if (PiiNames.TryParse(name, out PiiKind kind))
            {
                kinds |= kind.Set();
            }
            else
            {
                problem = $"\"{name}\" is no kind; allowed: {string.Join(", ", PiiNames.All)}, all";
                return false;
            }
        }

        policy = new RedactPolicy(mode.Value, kinds);
        return true;
    }
}
