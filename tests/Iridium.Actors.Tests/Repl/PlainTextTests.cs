using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Iridium.Actors.Repl;

namespace Iridium.Actors.Tests.Repl;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain text, ünïcödé, 日本 and 🎉", "plain text, ünïcödé, 日本 and 🎉")]
    [InlineData("\u001b[31mred", "\\u001B[31mred")]
    [InlineData("a\tb", "a    b")]
    [InlineData("bell\a del\u007f csi\u009b", "bell\\u0007 del\\u007F csi\\u009B")]
    [InlineData("line\nbreak\r", "line\\u000Abreak\\u000D")]
    [InlineData("\u202eevil\u2066", "\\u202Eevil\\u2066")]
    [InlineData("\u2028\u2029\ufeff\u200b", "\\u2028\\u2029\\uFEFF\\u200B")]
    public void What_could_move_a_cursor_is_shown_instead(string text, string expected) =>
        Assert.Equal(expected, PlainText.Of(text));

    // Attributes cannot carry half a character.
    [Fact]
    public void Half_characters_are_shown()
    {
        Assert.Equal("half\\uD800", PlainText.Of("half\ud800"));
        Assert.Equal("\\uDC00half", PlainText.Of("\udc00half"));
        Assert.Equal("\\uDB40\\uDC41", PlainText.Of("\U000E0041"));
    }

    [Fact]
    public void No_text_brings_a_control_character_to_a_screen() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(10_000),
        Prop.ForAll(ArbMap.Default.ArbFor<char[]>(), (char[] characters) =>
        {
            string line = ScreenLine.Of(new string(characters)).Text;
            return line.All(one => char.GetUnicodeCategory(one)
                is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
        }));

    [Fact]
    public void Lines_end_where_the_text_breaks()
    {
        Assert.Equal(["a", "b"], ScreenLine.Lines("a\r\nb\n").Select(line => line.Text));
        Assert.Equal(["", "b"], ScreenLine.Lines("\nb").Select(line => line.Text));
        Assert.Equal([""], ScreenLine.Lines("").Select(line => line.Text));
    }

    [Fact]
    public void Output_in_pieces_becomes_whole_lines()
    {
        var lines = new LineAssembler();
        Assert.Empty(lines.Add("Hel"));
        Assert.Equal(["Hello", "", "a"], lines.Add("lo\r\n\na\nrest"));
        Assert.Equal("rest", lines.Flush());
        Assert.Null(lines.Flush());
        List<string> broken = lines.Add(new string('x', 2 * LineAssembler.LongestLine + 1));
        Assert.Equal(2, broken.Count);
        Assert.Equal("x", lines.Flush());
    }
}
