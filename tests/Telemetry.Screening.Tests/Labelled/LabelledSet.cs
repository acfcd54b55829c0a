using System.Globalization;

namespace Telemetry.Screening.Tests.Labelled;

/// <summary>
/// Texts as they come in prompts and answers, of many countries, with data to be found and with what looks like it and is none: order numbers, ids, hashes, times,
/// versions, prices, code, logs. The same seed gives the same texts.
/// </summary>
public sealed class LabelledSet(int seed)
{
    private static readonly string[] Frames =
    [
        "Please note {0} for me.", "My contact is {0}, thanks!", "Bitte notieren Sie {0} dafür.", "Voici {0} pour le dossier.", "Mis datos son {0} y nada más.", "Ecco {0} per la pratica.", "Segue {0} para o cadastro.",
        "请记录{0}，谢谢。", "こちらは{0}です。", "Вот {0} для заявки.", "{{\"value\": \"{0}\"}}", "user: {0}\nassistant: noted", "- {0}\n- second point", "| name | {0} | ok |", "<td>{0}</td>", "see ({0}) above", "\"{0}\"", "{0}",
        "id,{0},2026-11-21", "Kontakt: {0}",
    ];

    private static readonly string[] Prose =
    [
        "The quick summary of the quarter is that revenue rose by 12.5% to $1,234,567.89 while costs fell.", "Treffen am 21.11.2026 um 14:30 Uhr in Raum 3.17, Etage 2.", "On compte 2 345 678 habitants dans 36 000 communes.",
        "Call the function with three arguments and return the result as JSON.", "for (int i = 0; i < 100; i++) { total += prices[i] * 1.19m; }", "La reunión es a las 17:00 del 3 de mayo de 2027.",
        "std::vector<int> v{1, 2, 3}; auto it = v.begin();", "SELECT id, name FROM users WHERE created_at > '2026-01-01 00:00:00' LIMIT 1000", "今年の売上は1,234,567円でした。", "The ratio 16:9 and the scale 1:25000 are common.",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next text.</summary>
    public LabelledText Next()
    {
        var labels = new List<(PiiKind Kind, int Start, int Length)>();
        string text = "";
        for (int pieces = _random.Next(1, 4); pieces > 0; pieces--)
        {
            text += text.Length > 0 ? "\n" : "";
            switch (_random.Next(10))
            {
                case < 4:
                    (PiiKind kind, string value, string intro) = Value();
                    string frame = Frames[_random.Next(Frames.Length)];
                    string framed = frame.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal).Replace("{0}", intro + value, StringComparison.Ordinal);
                    labels.Add((kind, text.Length + framed.IndexOf(intro + value, StringComparison.Ordinal) + intro.Length, value.Length));
                    text += framed;
                    break;
                case < 8:
                    text += NearMiss();
                    break;
                default:
                    text += Prose[_random.Next(Prose.Length)];
                    break;
            }
        }

        return new LabelledText(text, labels);
    }

    private (PiiKind Kind, string Value, string Intro) Value()
    {
        switch ((PiiKind)_random.Next(7))
        {
            case PiiKind.Email:
                return (PiiKind.Email, $"{Name()}{Numbers.Pick(_random, "", ".", "_", "+")}{Name()}{Numbers.Pick(_random, "", "7", "1984")}@{Name()}{Numbers.Pick(_random, ".com", ".de", ".co.uk", ".example.org", ".fr")}", "");
            case PiiKind.Phone:
                return (PiiKind.Phone, Numbers.Phone(_random), Numbers.Pick(_random, "", "tel ", "phone: "));
            case PiiKind.PaymentCard:
                return (PiiKind.PaymentCard, Numbers.GroupedCard(_random, Numbers.Card(_random)), Numbers.Pick(_random, "", "card "));
            case PiiKind.Iban:
                return (PiiKind.Iban, Numbers.Iban(_random), Numbers.Pick(_random, "", "IBAN "));
            case PiiKind.NationalId:
                (string id, string word) = Numbers.NationalId(_random);
                return (PiiKind.NationalId, id, word + " ");
            case PiiKind.IpAddress:
                return _random.Next(3) > 0
                    ? (PiiKind.IpAddress, $"{_random.Next(1, 127)}.{_random.Next(256)}.{_random.Next(256)}.{_random.Next(256)}", "")
                    : (PiiKind.IpAddress, $"2001:db8:{_random.Next(1, 65535):x}::{_random.Next(1, 65535):x}", "");
            default:
                return Secret();
        }
    }

    private (PiiKind Kind, string Value, string Intro) Secret() => _random.Next(6) switch
    {
        0 => (PiiKind.Secret, "sk-proj-" + Base62(48), ""),
        1 => (PiiKind.Secret, "ghp_" + Base62(36), ""),
        2 => (PiiKind.Secret, "AKIA" + string.Concat(Enumerable.Range(0, 16).Select(_ => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[_random.Next(32)])), ""),
        3 => (PiiKind.Secret, Base62(12) + "7!", "password="),
        4 => (PiiKind.Secret, Hex(32), "api_key: "),
        _ => (PiiKind.Secret, $"eyJhbGciOiJIUzI1NiJ9.eyJ{Base62(30)}.{Base62(43)}", ""),
    };

    private string NearMiss() => _random.Next(24) switch
    {
        0 => $"order {Numbers.Digits(_random, 10, 1)} shipped",
        1 => $"Auftrag Nr. {Numbers.Digits(_random, 8, 1)}-{Numbers.Digits(_random, 3)}",
        2 => $"trace {Hex(32)} span {Hex(16)}",
        3 => $"id {Hex(8)}-{Hex(4)}-{Hex(4)}-{Hex(4)}-{Hex(12)}",
        4 => $"commit {Hex(40)}",
        5 => $"ts={1_700_000_000 + _random.Next(99_999_999)} ms={1_700_000_000_000 + _random.Next(999_999_999)}",
        6 => $"2026-{_random.Next(1, 13):D2}-{_random.Next(1, 29):D2}T{_random.Next(24):D2}:{_random.Next(60):D2}:{_random.Next(60):D2}.{_random.Next(1000):D3}Z INFO worker-{_random.Next(99)} done in {_random.Next(9999)}ms",
        7 => $"version {_random.Next(9)}.{_random.Next(99)}.{_random.Next(99)}.{_random.Next(9)}",
        8 => $"v{_random.Next(9)}.{_random.Next(99)}.{_random.Next(99)}-rc.{_random.Next(9)}",
        9 => $"total {_random.Next(1, 999)},{_random.Next(1000):D3},{_random.Next(1000):D3}.{_random.Next(100):D2} USD",
        10 => $"Preis: {_random.Next(1, 999)}.{_random.Next(1000):D3},{_random.Next(100):D2} EUR",
        11 => $"value = {_random.NextDouble().ToString("R", CultureInfo.InvariantCulture)}",
        12 => $"chatcmpl-{Base62(29)}",
        13 => $"ISBN 978-{_random.Next(9)}-{_random.Next(10, 99)}-{_random.Next(100_000, 999_999)}-{_random.Next(9)}",
        14 => $"lat {_random.Next(89)}.{Numbers.Digits(_random, 6)}, lon -{_random.Next(179)}.{Numbers.Digits(_random, 6)}",
        15 => $"tracking 1Z{Numbers.Digits(_random, 6)}{Base62(10).ToUpperInvariant()}",
        16 => $"meet at {_random.Next(24):D2}:{_random.Next(60):D2} on {_random.Next(1, 29):D2}/{_random.Next(1, 13):D2}/2026",
        17 => $"MAC {Hex(2)}:{Hex(2)}:{Hex(2)}:{Hex(2)}:{Hex(2)}:{Hex(2)}",
        18 => $"npm install @scope/{Name()}@{_random.Next(9)}.{_random.Next(99)}.{_random.Next(99)}",
        19 => $"rgb({_random.Next(256)}, {_random.Next(256)}, {_random.Next(256)}) #{Hex(6)} width: {_random.Next(2000)}px",
        20 => $"max_tokens={_random.Next(9999)}, temperature: 0.{_random.Next(99)}, tokens: {_random.Next(999_999)}",
        21 => $"invoice {Numbers.Digits(_random, 16, 1)}",
        22 => $"class=\"btn-primary-{_random.Next(9)} sk-loader-circle-{_random.Next(99)}\"",
        _ => $"{Numbers.Digits(_random, 4)} {Numbers.Digits(_random, 4)} {Numbers.Digits(_random, 4)}",
    };

    private string Name() => Numbers.Pick(_random, "ann", "bob", "maria", "chen", "olga", "jean", "luca", "sven", "amira", "john");

    private string Base62(int length)
    {
        const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        return string.Concat(Enumerable.Range(0, length).Select(_ => Characters[_random.Next(Characters.Length)]));
    }

    private string Hex(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "0123456789abcdef"[_random.Next(16)]));
}
