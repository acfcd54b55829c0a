using System.Text;

namespace Telemetry.Screening.Tests.Support;

/// <summary>Looks for matches in texts and gives them as texts.</summary>
internal static class Looking
{
    public static (string Rule, string Text)[] Matches(string text, PiiKinds kinds = PiiKinds.All)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var matches = new List<PiiMatch>();
        PiiScanner.Find(utf8, kinds, matches);
        return [.. matches.Select(m => (m.Rule, Encoding.UTF8.GetString(utf8, m.Start, m.Length)))];
    }

    public static void Finds(string rule, string expected, string text) => Assert.Contains((rule, expected), Matches(text));

    public static void FindsNothing(string text, PiiKinds kinds = PiiKinds.All) => Assert.Empty(Matches(text, kinds));
}
