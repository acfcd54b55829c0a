using System.Text.RegularExpressions;

namespace Telemetry.Keys.Tests;

public partial class KeyTextTests
{
    [Fact]
    public void Keys_have_the_form_that_scanners_look_for_and_are_all_different()
    {
        string[] keys = [.. Enumerable.Range(0, 1000).Select(_ => KeyText.Create())];
        Assert.All(keys, k => Assert.Matches(Form(), k));
        Assert.Equal(1000, keys.Select(k => k[14..66]).Distinct().Count());
        Assert.All(keys, k => Assert.True(KeyText.TryReadId(k, out ReadOnlySpan<char> id) && id.SequenceEqual(k.AsSpan(3, KeyText.IdLength))));
    }

    [Fact]
    public void Every_character_of_a_secret_is_random()
    {
        string[] keys = [.. Enumerable.Range(0, 400).Select(_ => KeyText.Create())];

        // The last of the 52 characters holds one bit: 256 is no multiple of five.
        for (int i = 14; i < 65; i++)
        {
            Assert.True(keys.Select(k => k[i]).Distinct().Count() > 24, $"character {i}");
        }
    }

    [Fact]
    public void Any_typo_is_told_from_a_wrong_key()
    {
        string key = KeyText.Create();
        for (int i = 0; i < key.Length; i++)
        {
            foreach (char c in "ab7Z_- \n\0é")
            {
                string typo = key[..i] + c + key[(i + 1)..];
                Assert.True(typo == key || !KeyText.TryReadId(typo, out _), typo);
            }

            Assert.False(KeyText.TryReadId(key.Remove(i, 1), out _));
            Assert.True(i == 0 || key[i] == key[i - 1] || !KeyText.TryReadId(key[..(i - 1)] + key[i] + key[i - 1] + key[(i + 1)..], out _));
        }
    }

    [GeneratedRegex("^tk_[a-z2-7]{10}_[a-z2-7]{59}$")]
    private static partial Regex Form();
}
