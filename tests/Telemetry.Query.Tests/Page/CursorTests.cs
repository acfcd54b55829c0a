using FsCheck;
using FsCheck.Fluent;
using Telemetry.Query.Ask;
using Telemetry.Query.Page;

namespace Telemetry.Query.Tests.Page;

public sealed class CursorTests
{
    private static readonly DateTimeOffset s_from = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_written_is_read_and_fits_into_a_url() => Prop.ForAll<NonNull<string>, NonNull<string>>((key, id) =>
    {
        string text = new Cursor(key.Get, [id.Get, ""], s_from, s_from.AddHours(6), "q").Write();

        Assert.All(text, c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
        // A text that is no Unicode cannot come back; none comes from ClickHouse.
        if (text.Length <= 4096 && IsUnicode(key.Get) && IsUnicode(id.Get))
        {
            Cursor read = Cursor.Read(text, "q")!;
            Assert.Equal((key.Get, id.Get, s_from, s_from.AddHours(6)), (read.Key, read.Ids[0], read.From, read.To));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_other_text_is_refused() => Prop.ForAll<NonEmptyString>(text => Assert.Throws<InvalidQueryException>(() => Cursor.Read(text.Get, "q"))).QuickCheckThrowOnFailure();

    [Fact]
    public void One_of_another_question_is_refused() => Assert.Throws<InvalidQueryException>(() => Cursor.Read(new Cursor("1", [], s_from, s_from, "a").Write(), "b"));

    private static bool IsUnicode(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
