using System.Diagnostics;
using System.Text;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Tests.Inside.Configuration;

/// <summary>What is wrong is said with its place; and no text takes the process down.</summary>
public sealed class HoconErrorTests
{
    [Theory]
    [InlineData("a = {\n  b = 1\n", 1, 5, "this { is never closed")]
    [InlineData("a = [1,\n 2", 1, 5, "this [ is never closed")]
    [InlineData("x = 1\na = \"open\nb = 2", 2, 5, "this quote is not closed on its line")]
    [InlineData("a = \"\"\"open", 1, 5, "these three quotes are never closed")]
    [InlineData("a = \"C:\\dir\"", 1, 8, "a backslash itself is written \\\\")]
    [InlineData("a = \"\\u12\"", 1, 6, "after a backslash")]
    [InlineData("a = 1 }", 1, 7, "before '}'")]
    [InlineData("{ a = 1 } x", 1, 11, "nothing may follow the closing brace, but here is 'x'")]
    [InlineData("a =", 1, 4, "a value is missing here")]
    [InlineData("a =\nb = 1", 1, 4, "a value is missing here")]
    [InlineData("a = # nothing", 1, 5, "a value is missing here")]
    [InlineData("a", 1, 2, "after the key 'a' comes")]
    [InlineData("a\nb = 1", 1, 1, "the key 'a' is followed by neither")]
    [InlineData("a ] = 1", 1, 3, "after the key 'a' comes '=', ':', '+=' or '{', not ']'")]
    [InlineData("= 1", 1, 1, "a key was expected, not '='")]
    [InlineData("a..b = 1", 1, 3, "a key was expected, not '.'")]
    [InlineData("a. = 1", 1, 3, "a key was expected")]
    [InlineData("a = b = c", 1, 7, "'=' may stand in a text only inside quotes")]
    [InlineData("a = =", 1, 5, "'=' may stand in a text only inside quotes")]
    [InlineData("a = host:80", 1, 9, "':' may stand in a text only inside quotes")]
    [InlineData("a = 1,, b = 2", 1, 7, "a field is missing between two commas")]
    [InlineData("a = [1,,2]", 1, 8, "an element is missing between two commas")]
    [InlineData("a = [,]", 1, 6, "a value is missing here")]
    [InlineData("a = ${b", 1, 5, "a substitution ends with '}', not with the end of the text")]
    [InlineData("a = {} text", 1, 8, "a text and an object cannot stand side by side")]
    [InlineData("a = [1] {}", 1, 9, "an object and a list cannot stand side by side")]
    [InlineData("[1, 2]", 1, 1, "this text is a list")]
    [InlineData("include \"x\"", 1, 1, "without an include callback")]
    [InlineData("include file(\"x\"", 1, 17, "needs a ')'")]
    public void A_malformed_text_is_refused_with_its_place(string hocon, int line, int column, string words)
    {
        var error = Assert.Throws<HoconParserException>(() => ConfigurationFactory.ParseString(hocon));
        Assert.Equal($"{line}:{column}", $"{error.Line}:{error.Column}");
        Assert.StartsWith($"line {line}, column {column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_of_the_wrong_kind_names_path_text_and_place()
    {
        Config config = ConfigurationFactory.Parse("akka {\n  x.y = abc\n}", "node.conf", null);
        var error = Assert.Throws<ConfigurationException>(() => config.GetInt("akka.x.y"));
        Assert.Equal("akka.x.y = 'abc' (node.conf:2:9) is not an integer of 32 bits.", error.Message);
        error = Assert.Throws<ConfigurationException>(() => config.GetTimeSpan("akka.x.y"));
        Assert.StartsWith("akka.x.y = 'abc' (node.conf:2:9) is not a duration like 250ms, 10s, ", error.Message,
            StringComparison.Ordinal);
        error = Assert.Throws<ConfigurationException>(() => config.GetStringList("akka.x.y"));
        Assert.Equal("akka.x.y = 'abc' (node.conf:2:9) is not a list like [a, b].", error.Message);
        error = Assert.Throws<ConfigurationException>(() => config.GetConfig("akka.x.y"));
        Assert.Equal("akka.x.y = 'abc' (node.conf:2:9) is not an object.", error.Message);
        error = Assert.Throws<ConfigurationException>(() => config.GetString("akka.x"));
        Assert.Equal("akka.x = {…} (node.conf:2:3) is not a text.", error.Message);
    }

    [Fact]
    public void The_place_is_told_across_fallbacks()
    {
        Config config = ConfigurationFactory.Parse("a = 1", "node.conf", null)
            .WithFallback(ConfigurationFactory.Parse("b = [1, x]", "reference.conf", null));
        var error = Assert.Throws<ConfigurationException>(() => config.GetIntList("b"));
        Assert.Equal("b[1] = 'x' (reference.conf:1:9) is not an integer of 32 bits.", error.Message);
    }

    [Fact]
    public void A_missing_substitution_names_its_place()
    {
        Config config = ConfigurationFactory.Parse("x = 1\na = ${no.such}", "node.conf", null);
        var error = Assert.Throws<HoconParserException>(() => config.GetInt("x"));
        Assert.StartsWith("node.conf:2:5: ${no.such} has no value", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = ${a}")]
    [InlineData("a = ${b}\nb = ${a}")]
    [InlineData("a = ${b}\nb = ${c}\nc = x${a}")]
    [InlineData("a { b = ${a} }")]
    [InlineData("a { x = ${b} }\nb { y = ${a} }")]
    [InlineData("a = [${b}]\nb = [${a}]")]
    [InlineData("a = [${b}, ${b}]\nb = [${a}, ${a}]")]
    [InlineData("a = { b = ${?c}, x = ${a} } ${?a.x} ${?none}")]
    [InlineData("a.b = { c = ${?b.c} ${b} x } ${?a}, a.b = ${?a.b}\nb.c = ${d} 1, b += ${?a.b}")]
    public void A_cycle_is_an_error_and_not_a_hang(string hocon) =>
        Assert.Throws<HoconParserException>(() => ConfigurationFactory.ParseString(hocon).GetString("z"));

    public static TheoryData<string> Deep => new()
    {
        string.Concat(Enumerable.Repeat("a{", 100_000)),
        "a = " + new string('[', 100_000),
        "a = " + new string('[', 100_000) + new string(']', 100_000),
        string.Join('.', Enumerable.Repeat("a", 100_000)) + " = 1",
        "x = ${" + string.Join('.', Enumerable.Repeat("a", 100_000)) + "}",
        string.Concat(Enumerable.Range(0, 100_000).Select(i => $"a{i} = ${{a{i + 1}}}\n")) + "a100000 = 1",
        string.Concat(Enumerable.Range(0, 100_000).Select(i => $"a{i} {{ x = ${{a{i + 1}}} }}\n")) + "a100000 = 1",
        string.Concat(Enumerable.Repeat("a { b.c { ", 50_000)),
    };

    [Theory]
    [MemberData(nameof(Deep))]
    public void A_hundred_thousand_levels_are_refused_politely(string hocon)
    {
        var error = Assert.Throws<HoconParserException>(() => ConfigurationFactory.ParseString(hocon).GetString("z"));
        Assert.Contains("1000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_hundred_levels_are_fine()
    {
        string path = string.Join('.', Enumerable.Repeat("a", 900));
        Assert.Equal(1, ConfigurationFactory.ParseString(path + " = 1").GetInt(path));
        string braces = string.Concat(Enumerable.Repeat("a {", 900)) + "b = 1" + new string('}', 900);
        Assert.Equal(1, ConfigurationFactory.ParseString(braces).GetInt(path + ".b"));
    }

    [Theory]
    [InlineData("\"${A}${A}\"", "a")]
    [InlineData("${A}${A}", "a")]
    [InlineData("[${A}, ${A}]", "[a]")]
    [InlineData("${A} ${A}", "[a]")]
    [InlineData("{ x = ${A}, y = ${A} }", "{ z = 1 }")]
    public void Doubling_forty_times_ends_early(string step, string first)
    {
        var text = new StringBuilder($"a0 = {first}\n");
        for (int i = 1; i <= 40; i++) text.Append(
            $"a{i} = {step.Replace("A", $"a{i - 1}", StringComparison.Ordinal)}\n");
        string Read(string path) => ConfigurationFactory.ParseString(text.ToString()).GetString(path);
        if (step[0] == '"') Assert.Equal("${a39}${a39}", Read("a40"));
        else Assert.Throws<HoconParserException>(() => Read("z"));
    }

    [Fact]
    public void A_text_that_includes_itself_is_an_error()
    {
        HoconRoot Include(string name) => new(ConfigurationFactory.ParseString("include \"me\"", Include).Root);
        var error = Assert.Throws<HoconParserException>(
            () => ConfigurationFactory.ParseString("include \"me\"", Include));
        Assert.Contains("does a text include itself?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_megabytes_parse()
    {
        var text = new StringBuilder();
        for (int i = 0; i < 300_000; i++) text.Append("section").Append(i % 1000).Append(".key").Append(i).Append(
            " = some value\n");
        Config config = ConfigurationFactory.ParseString(text.ToString());
        Assert.Equal("some value", config.GetString("section999.key299999"));
    }
}
