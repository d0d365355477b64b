using Iridium.Node.Hosting;

namespace Iridium.Node.Tests.Hosting;

public sealed class HoconScannerTests
{
    private static string Scan(string text) => string.Join("; ",
        HoconScanner.Scan(text).Entries.Select(e => $"{e.Line}:{e.Column} {e.Path}={e.Value}"));

    [Theory]
    [InlineData("a = 1", "1:1 a=1")]
    [InlineData("a.b : c d e", "1:1 a.b=c d e")]
    [InlineData("a { b { c = 1 } }", "1:1 a={; 1:5 a.b={; 1:9 a.b.c=1")]
    [InlineData("{ a = 1, b = 2 }", "1:3 a=1; 1:10 b=2")]
    [InlineData("a = \"x # y\" # z\nb = 2 // c", "1:1 a=x # y; 2:1 b=2")]
    [InlineData("a = \"\"\"1\n2\"\"\"\nb = 2", "1:1 a=1\n2; 3:1 b=2")]
    [InlineData("a = [1, {b = 2}, \"]\"]\nc = 3", "1:1 a=[; 2:1 c=3")]
    [InlineData("\"a.b\" = 1", "1:1 a.b=1")]
    [InlineData("a = ${b.c} \"d\"", "1:1 a=${b.c} d")]
    [InlineData("a = ${b} { c = 1 }", "1:1 a=${b}; 1:12 a.c=1")]
    [InlineData("a += 1", "1:1 a=1")]
    [InlineData("a =\n  1", "1:1 a=1")]
    [InlineData("a\n{ b = 1 }", "")]
    [InlineData("", "")]
    [InlineData("included { a = 1 }", "1:1 included={; 1:12 included.a=1")]
    public void Keys_are_found_with_their_places(string text, string entries) => Assert.Equal(entries, Scan(text));

    [Theory]
    [InlineData("include \"a.conf\"", "a.conf", "")]
    [InlineData("x { include file(\"b.conf\") }", "b.conf", "x")]
    public void Includes_are_found_with_the_object_they_stand_in(string text, string file, string prefix) =>
        Assert.Equal([new HoconInclude(file, prefix, 1)], HoconScanner.Scan(text).Includes.ToArray());

    /// <summary>Whatever is read, the scanner ends, and finds nothing outside of the text.</summary>
    [Fact]
    public void Garbage_ends_the_scan_and_nothing_else()
    {
        var random = new Random(8121);
        const string Letters = "ab.=:{}[]\",\n #/$+\\ ";
        for (int run = 0; run < 5_000; run++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(60)).Select(_ => Letters[random.Next(Letters.Length)])]);
            int lines = 1 + text.Count(c => c == '\n');
            Assert.All(HoconScanner.Scan(text).Entries, entry =>
            {
                Assert.InRange(entry.Line, 1, lines);
                Assert.InRange(entry.Column, 1, text.Length + 1);
            });
        }
        HoconScanner.Scan(new string('{', 100_000));
        HoconScanner.Scan(string.Concat(Enumerable.Repeat("a{", 100_000)));
    }
}
