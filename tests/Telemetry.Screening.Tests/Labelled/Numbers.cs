using System.Globalization;
using System.Numerics;

namespace Telemetry.Screening.Tests.Labelled;

/// <summary>Makes numbers with valid check digits. Each is found by trying, or by the published formula in its plainest form; nothing is shared with the rules.</summary>
internal static class Numbers
{
    public static string Digits(Random random, int count, int first = 0)
    {
        char[] digits = new char[count];
        for (int i = 0; i < count; i++)
        {
            digits[i] = (char)('0' + random.Next(i == 0 ? first : 0, 10));
        }

        return new string(digits);
    }

    public static string Card(Random random)
    {
        (string prefix, int length) = random.Next(6) switch
        {
            0 => ("4", 16),
            1 => ("5" + random.Next(1, 6), 16),
            2 => ("37", 15),
            3 => ("6011", 16),
            4 => ("35" + random.Next(30, 89), 16),
            _ => ("36", 14),
        };
        string body = prefix + Digits(random, length - prefix.Length - 1);
        return Enumerable.Range(0, 10).Select(d => body + d).Single(n => LuhnSum(n) % 10 == 0);
    }

    public static string GroupedCard(Random random, string card)
    {
        string separator = random.Next(2) == 0 ? " " : "-";
        int[] groups = card.Length switch { 16 => [4, 4, 4, 4], 15 => [4, 6, 5], _ => [4, 6, 4] };
        return random.Next(2) == 0 ? card : Group(card, separator, groups);
    }

    public static string Iban(Random random)
    {
        (string country, string body) = random.Next(5) switch
        {
            0 => ("DE", Digits(random, 18)),
            1 => ("GB", "NWBK" + Digits(random, 14)),
            2 => ("FR", Digits(random, 10) + Digits(random, 11) + Digits(random, 2)),
            3 => ("ES", Digits(random, 20)),
            _ => ("NL", "ABNA" + Digits(random, 10)),
        };
        BigInteger value = BigInteger.Parse(string.Concat((body + country + "00").Select(c => char.IsDigit(c) ? c.ToString() : (c - 'A' + 10).ToString(CultureInfo.InvariantCulture))), CultureInfo.InvariantCulture);
        string iban = country + ((int)(98 - (value % 97))).ToString("D2", CultureInfo.InvariantCulture) + body;
        return random.Next(2) == 0 ? iban : string.Join(' ', iban.Chunk(4).Select(c => new string(c)));
    }

    public static (string Text, string Intro) NationalId(Random random) => random.Next(10) switch
    {
        0 => ($"{random.Next(1, 665):D3}-{random.Next(1, 99):D2}-{random.Next(1, 9999):D4}", "SSN"),
        1 => (Pick(random, "AB", "CE", "HJ", "JK", "LM", "PR", "SW") + Digits(random, 6) + Pick(random, "A", "B", "C", "D"), "National Insurance"),
        2 => (SteuerId(random), "Steuer-ID"),
        3 => (Nir(random), "NIR"),
        4 => (Dni(random), "DNI"),
        5 => (Group(Aadhaar(random), " ", [4, 4, 4]), "Aadhaar"),
        6 => (Cpf(random), "CPF"),
        7 => (Bsn(random), "BSN"),
        8 => (Pesel(random), "PESEL"),
        _ => (ResidentId(random), "身份证"),
    };

    public static string Phone(Random random) => random.Next(14) switch
    {
        0 => $"+1 {random.Next(201, 989)} {random.Next(200, 999)} {random.Next(0, 9999):D4}",
        1 => $"({random.Next(201, 989)}) {random.Next(200, 999)}-{random.Next(0, 9999):D4}",
        2 => $"{random.Next(201, 989)}-{random.Next(200, 999)}-{random.Next(0, 9999):D4}",
        3 => $"+44 20 {random.Next(7000, 8999)} {random.Next(0, 9999):D4}",
        4 => $"07{random.Next(400, 999)} {random.Next(100_000, 999_999)}",
        5 => $"+49 {random.Next(151, 179)} {random.Next(1_000_000, 99_999_999)}",
        6 => $"030 {random.Next(1_000_000, 99_999_999)}",
        7 => $"0{random.Next(1, 9)} {random.Next(10, 99)} {random.Next(10, 99)} {random.Next(10, 99)} {random.Next(10, 99)}",
        8 => $"+33 6 {random.Next(10, 99)} {random.Next(10, 99)} {random.Next(10, 99)} {random.Next(10, 99)}",
        9 => $"+91 {random.Next(60_000, 99_999)} {random.Next(10_000, 99_999)}",
        10 => $"+34 6{random.Next(10, 99)} {random.Next(100, 999)} {random.Next(100, 999)}",
        11 => $"090-{random.Next(1000, 9999)}-{random.Next(1000, 9999)}",
        12 => $"+55 11 9{random.Next(1000, 9999)}-{random.Next(1000, 9999)}",
        _ => $"+86 13{random.Next(0, 9)} {random.Next(1000, 9999)} {random.Next(1000, 9999)}",
    };

    public static string Group(string digits, string separator, int[] lengths)
    {
        var groups = new List<string>();
        int at = 0;
        foreach (int length in lengths)
        {
            groups.Add(digits.Substring(at, length));
            at += length;
        }

        return string.Join(separator, groups);
    }

    public static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];

    public static int LuhnSum(string number)
    {
        int sum = 0;
        for (int i = 0; i < number.Length; i++)
        {
            int digit = number[number.Length - 1 - i] - '0';
            sum += i % 2 == 0 ? digit : (digit * 2 / 10) + (digit * 2 % 10);
        }

        return sum;
    }

    private static string SteuerId(Random random)
    {
        // Nine digits once and one of them again.
        int[] digits = [.. Enumerable.Range(0, 10).OrderBy(_ => random.Next())];
        int missing = Array.IndexOf(digits, 0) == 0 ? 0 : random.Next(1, 10);
        digits[missing] = digits[(missing + 3) % 10];
        digits[0] = digits[0] == 0 ? digits[4] : digits[0];
        int product = 10;
        foreach (int digit in digits)
        {
            int sum = (digit + product) % 10;
            product = 2 * (sum == 0 ? 10 : sum) % 11;
        }

        return string.Concat(digits) + ((11 - product) % 10).ToString(CultureInfo.InvariantCulture);
    }

    private static string Nir(Random random)
    {
        string body = $"{random.Next(1, 3)}{random.Next(30, 99)}{random.Next(1, 13):D2}{random.Next(1, 96):D2}{random.Next(1, 999):D3}{random.Next(1, 999):D3}";
        string key = (97 - (long.Parse(body, CultureInfo.InvariantCulture) % 97)).ToString("D2", CultureInfo.InvariantCulture);
        return random.Next(2) == 0 ? body + key : Group(body + key, " ", [1, 2, 2, 2, 3, 3, 2]);
    }

    private static string Dni(Random random)
    {
        int number = random.Next(10_000_000, 99_999_999);
        return number.ToString(CultureInfo.InvariantCulture) + "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23];
    }

    private static string Aadhaar(Random random)
    {
        // By trying: of the ten last digits exactly one is right, told by the table form of Verhoeff's scheme.
        string body = Digits(random, 11, first: 2);
        return Enumerable.Range(0, 10).Select(d => body + d).Single(IsVerhoeff);
    }

    private static bool IsVerhoeff(string number)
    {
        string[] product = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"];
        string[] permutation = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"];
        int check = 0;
        for (int i = 0; i < number.Length; i++)
        {
            check = product[check][permutation[i % 8][number[number.Length - 1 - i] - '0'] - '0'] - '0';
        }

        return check == 0;
    }

    private static string Cpf(Random random)
    {
        string body = Digits(random, 9);
        body += CpfDigit(body);
        body += CpfDigit(body);
        return $"{body[..3]}.{body[3..6]}.{body[6..9]}-{body[9..]}";
    }

    private static int CpfDigit(string body)
    {
        int rest = body.Select((c, i) => (c - '0') * (body.Length + 1 - i)).Sum() % 11;
        return rest < 2 ? 0 : 11 - rest;
    }

    private static string Bsn(Random random)
    {
        while (true)
        {
            string number = Digits(random, 9, first: 1);
            if ((number.Take(8).Select((c, i) => (c - '0') * (9 - i)).Sum() - (number[8] - '0')) % 11 == 0)
            {
                return number;
            }
        }
    }

    private static string Pesel(Random random)
    {
        string body = $"{random.Next(30, 99)}{random.Next(1, 13):D2}{random.Next(1, 28):D2}{Digits(random, 4)}";
        int[] weights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];
        return body + ((10 - (body.Select((c, i) => (c - '0') * weights[i]).Sum() % 10)) % 10).ToString(CultureInfo.InvariantCulture);
    }

    private static string ResidentId(Random random)
    {
        string body = $"110105{random.Next(1950, 2005)}{random.Next(1, 13):D2}{random.Next(1, 28):D2}{Digits(random, 3)}";
        int sum = 0;
        for (int i = 0; i < body.Length; i++)
        {
            sum += (body[i] - '0') * ((1 << (17 - i)) % 11);
        }

        return body + "10X98765432"[sum % 11];
    }
}
