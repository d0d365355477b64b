using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Tests.Inside.Configuration;

/// <summary>Substitutions that only the fallbacks can answer, and the finer points of looking back.</summary>
public sealed class HoconLayerTests
{
    private static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    [Fact]
    public void A_fallback_answers_a_substitution_above_it() =>
        Assert.Equal("7x", Parse("a = ${b}x").WithFallback(Parse("b = 7")).GetString("a"));

    [Fact]
    public void A_substitution_below_is_answered_above() =>
        Assert.Equal("7x", Parse("b = 7").WithFallback(Parse("a = ${b}x")).GetString("a"));

    [Fact]
    public void What_a_text_answers_itself_stays() =>
        Assert.Equal("2", Parse("b = 1").WithFallback(Parse("b = 2, a = ${b}")).GetString("a"));

    [Fact]
    public void Appending_reaches_the_fallbacks()
    {
        Config config = Parse("loggers += mine").WithFallback(Parse("loggers = [standard]"));
        Assert.Equal(["standard", "mine"], config.GetStringList("loggers"));
        Assert.Equal(["mine"], Parse("loggers += mine").GetStringList("loggers"));
        Assert.Equal(["x", "y", "z"],
            Parse("l += z").WithFallback(Parse("l += y")).WithFallback(Parse("l = [x]")).GetStringList("l"));
    }

    [Fact]
    public void A_value_looks_back_at_its_own_text_first_and_at_the_fallbacks_then()
    {
        Assert.Equal("a:b:c", Parse("p = a\np = ${p}\":b\"\np = ${p}\":c\"").GetString("p"));
        Assert.Equal("a:b:c", Parse("p = ${p}\":c\"").WithFallback(Parse("p = a, p = ${p}\":b\"")).GetString("p"));
        Assert.Equal(":c", Parse("p = ${?p}\":c\"").GetString("p"));
    }

    [Fact]
    public void An_object_over_a_substitution_waits_for_it()
    {
        Config config = Parse("mine = ${base}\nmine { y = 2 }").WithFallback(Parse("base { x = 1, y = 1 }"));
        Assert.Equal("1 2", $"{config.GetInt("mine.x")} {config.GetInt("mine.y")}");
        config = Parse("mine { x = 1 }\nmine = ${?none}\nmine.y = 2");
        Assert.Equal("1 2", $"{config.GetInt("mine.x")} {config.GetInt("mine.y")}");
    }

    [Fact]
    public void Merging_changes_no_layer()
    {
        Config low = Parse("a { x = 1, y = ${z} }");
        Config one = Parse("a.x = 2, z = one").WithFallback(low);
        Config two = Parse("a.x = 3, z = two").WithFallback(low);
        Assert.Equal("2 one", $"{one.GetInt("a.x")} {one.GetString("a.y")}");
        Assert.Equal("3 two", $"{two.GetInt("a.x")} {two.GetString("a.y")}");
        Assert.Equal("1 one", $"{low.WithFallback(Parse("z = one")).GetInt("a.x")} {one.GetString("a.y")}");
    }

    [Fact]
    public void Null_hides_what_lies_below()
    {
        Config config = Parse("a = null").WithFallback(Parse("a = 5"));
        Assert.Equal(1, config.GetInt("a", 1));
        Assert.False(config.HasPath("a"));
    }

    [Fact]
    public void Null_in_a_sum_is_a_word() => Assert.Equal("null and void", Parse("a = null and void").GetString("a"));

    [Fact]
    public void Included_text_is_copied_and_not_shared()
    {
        HoconRoot shared = new(Parse("x { y = 1 }").Root);
        Config first = ConfigurationFactory.ParseString("include \"s\"\nx.y = 2", _ => shared);
        Config second = ConfigurationFactory.ParseString("include \"s\"", _ => shared);
        Assert.Equal("2 1", $"{first.GetInt("x.y")} {second.GetInt("x.y")}");
    }

    [Theory]
    [InlineData("include file(\"n\")")]
    [InlineData("include required(\"n\")")]
    [InlineData("include required(file(\"n\"))")]
    [InlineData("include url( \"n\" )")]
    [InlineData("x = 1, include \"n\", y = 2")]
    public void Includes_have_several_forms(string hocon) =>
        Assert.Equal("n", ConfigurationFactory.ParseString(hocon, n => new(Parse($"name = {n}").Root)).GetString(
            "name"));

    [Fact]
    public void An_include_that_finds_nothing_is_an_error_only_if_required()
    {
        Assert.True(ConfigurationFactory.ParseString("include \"n\"", _ => null).IsEmpty);
        Assert.Throws<HoconParserException>(
            () => ConfigurationFactory.ParseString("include required(\"n\")", _ => null));
    }

    [Fact]
    public void A_key_may_begin_like_an_include() =>
        Assert.Equal("1 2", Parse("include = 1, included.x = 2") is var c
            ? $"{c.GetInt("include")} {c.GetInt("included.x")}" : "");

    [Fact]
    public void Braces_may_stand_on_their_own_line() =>
        Assert.Equal(1, Parse("a\n{\n  b =\n  {\n c = 1 } }").GetInt("a.b.c"));

    [Fact]
    public void A_path_with_an_open_quote_is_an_error() =>
        Assert.Throws<ConfigurationException>(() => Parse("a = 1").GetInt("\"a"));
}
