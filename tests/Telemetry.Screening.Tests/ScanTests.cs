using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Telemetry.Screening.Scan;
using Telemetry.Screening.Tests.Support;
using Telemetry.TestKit;

namespace Telemetry.Screening.Tests;

/// <summary>What holds for every text: bounded work, no garbage, matches in order within the text.</summary>
public sealed class ScanTests
{
    private static readonly string[] Pieces =
    [
        "1", "1 ", "1-", "4111 ", "1.1.", "::", "a:", "a::1", "@", "a@", "a.@b.", "AKIA", "AKIA-", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "eyJ", "eyJ1.", "sk-1", "sk-", "://:", "a://b:c@", "password=",
        "key=1", "DE89 ", "AB 1", "é1", "\u00a01", "(1)", "+1", "00", "0 1", "%40a", "x1_", "2A", "\"1\"", "\\1", "secret:", "0.0.", "tel 1", "1a-", "-1", "_1", "\u20111", "415-555-", "12345678Z",
        "ffff:", "a1@b2.", "=", ":", "token: ", "2001:db8:", "1/1/",
    ];

    public static TheoryData<string> Hostile { get; } = [.. Pieces];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Work_is_linear_in_the_length_of_a_repeated_piece(string piece)
    {
        long small = Work(Repeat(piece, 1 << 14));
        long large = Work(Repeat(piece, 1 << 17));
        Assert.InRange(large, 0, (small * 8 * 5 / 4) + 1000);
        Assert.InRange(large, 0, (long)(1 << 17) * 250);
    }

    [Fact]
    public void Work_is_bounded_by_the_length_for_any_mixture_of_pieces() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(p => string.Concat(p)).ToArbitrary(), text => Work(Encoding.UTF8.GetBytes(text)) <= 400L * (text.Length + 64)));

    [Fact]
    public void Matches_are_in_order_apart_and_within_the_text() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(p => Encoding.UTF8.GetBytes(string.Concat(p))).ToArbitrary(), AreInOrder));

    [Fact]
    public void Any_bytes_will_do() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), AreInOrder));

    [Fact]
    public void Kinds_are_those_of_the_matches() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                Gen.Elements("a@b.com", "415-555-2671", "4111111111111111", "DE89370400440532013000", "078-05-1120", "203.0.113.7", "password=hunter2!", "words", "12").ListOf().ToArbitrary(),
                parts =>
                {
                    byte[] text = Encoding.UTF8.GetBytes(string.Join(" and ", parts));
                    var matches = new List<PiiMatch>();
                    PiiScanner.Find(text, PiiKinds.All, matches);
                    return PiiScanner.Kinds(text, PiiKinds.All) == matches.Aggregate(PiiKinds.None, (kinds, m) => kinds | m.Kind.Set());
                }));

    [Fact]
    public void Only_what_is_wanted_is_found()
    {
        Assert.Equal(PiiKinds.Email, PiiScanner.Kinds("a@b.com 203.0.113.7"u8, PiiKinds.Email | PiiKinds.Iban));
        Assert.Empty(Looking.Matches("a@b.com 203.0.113.7", PiiKinds.None));
    }

    [Fact]
    public void Looking_allocates_nothing()
    {
        byte[] text = Encoding.UTF8.GetBytes("Call (415) 555-2671 or mail a@b.com; card 4111 1111 1111 1111, key sk-proj-a8Kd03LmQz71XbWpR5tYc92HvEjN64, 203.0.113.7, 2001:db8::1:2, password=hunter2!");
        var matches = new List<PiiMatch>(16);
        Look();
        Assert.Equal(0, Allocations.Fewest(Look));
        Assert.Equal(7, matches.Count);

        void Look()
        {
            matches.Clear();
            PiiScanner.Find(text, PiiKinds.All, matches);
            PiiScanner.Kinds(text, PiiKinds.All);
        }
    }

    [Fact]
    public void Every_rule_has_a_name_of_its_own_kind()
    {
        Assert.Equal(Enum.GetValues<PiiKind>().Length, PiiNames.All.Count);
        Assert.All(PiiScanner.Rules.GroupBy(r => r.Name), group => Assert.Single(group));
        Assert.All(Enum.GetValues<PiiKind>(), kind => Assert.Contains(PiiScanner.Rules, r => r.Kind == kind));
        Assert.All(PiiNames.All, name => Assert.True(PiiNames.TryParse(name, out PiiKind kind) && kind.Name() == name));
    }

    private static bool AreInOrder(byte[] text)
    {
        var matches = new List<PiiMatch>();
        PiiScanner.Find(text, PiiKinds.All, matches);
        int end = 0;
        foreach (PiiMatch match in matches)
        {
            if (match.Start < end || match.Length <= 0 || match.End > text.Length)
            {
                return false;
            }

            end = match.End;
        }

        return true;
    }

    private static long Work(byte[] text)
    {
        var scan = new PiiScan(text, PiiKinds.All, []);
        scan.Run();
        return scan.Work;
    }

    private static byte[] Repeat(string piece, int length)
    {
        byte[] one = Encoding.UTF8.GetBytes(piece);
        byte[] all = new byte[length];
        for (int i = 0; i < length; i++)
        {
            all[i] = one[i % one.Length];
        }

        return all;
    }
}
