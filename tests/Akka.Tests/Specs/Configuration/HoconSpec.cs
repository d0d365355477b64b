using Akka.Configuration;

namespace Akka.Tests.Specs.Configuration;

/// <summary>The language: what a text means.</summary>
public sealed class HoconSpec
{
    [Theory]
    [InlineData("a = 1", "1")]
    [InlineData("a : 1", "1")]
    [InlineData("a=1", "1")]
    [InlineData("{ a = 1 }", "1")]
    [InlineData("{ \"a\" : \"1\" }", "1")]
    [InlineData("a = one two  three  ", "one two  three")]
    [InlineData("a = one # two", "one")]
    [InlineData("a = one // two", "one")]
    [InlineData("# first\n// second\na = 1", "1")]
    [InlineData("a = \"one # two\"", "one # two")]
    [InlineData("a = \"q\\\"b\\\\n\\n\\t\\u0041\"", "q\"b\\n\n\tA")]
    [InlineData("a = \"\"\"C:\\dir \"quoted\" path\"\"\"", "C:\\dir \"quoted\" path")]
    [InlineData("a = \"\"\"two\nlines\"\"\"", "two\nlines")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = 1\na = 2", "2")]
    [InlineData("a = 1, b = 2", "1")]
    [InlineData("a = x-1.5_y", "x-1.5_y")]
    [InlineData("a = /user/x", "/user/x")]
    [InlineData("a = one\r\nb = two\r\n", "one")]
    public void A_text_gives_a_value(string hocon, string expected) =>
        Assert.Equal(expected, ConfigurationFactory.ParseString(hocon).GetString("a"));

    [Theory]
    [InlineData("a.b.c = 1")]
    [InlineData("a { b { c = 1 } }")]
    [InlineData("a.b { c : 1 }")]
    [InlineData("a { b.c = 1 }")]
    [InlineData("a = { b = { c = 1 } }")]
    [InlineData("a {\n  b {\n    c = 1\n  }\n}")]
    [InlineData("{\"a\":{\"b\":{\"c\":1}}}")]
    public void A_path_can_be_written_in_many_ways(string hocon) =>
        Assert.Equal(1, ConfigurationFactory.ParseString(hocon).GetInt("a.b.c"));

    [Fact]
    public void Objects_merge_and_the_later_value_wins()
    {
        Config config = ConfigurationFactory.ParseString("a { x = 1, y = 1 }\na { y = 2, z = 2 }\na.z = 3");
        Assert.Equal(1, config.GetInt("a.x"));
        Assert.Equal(2, config.GetInt("a.y"));
        Assert.Equal(3, config.GetInt("a.z"));
    }

    [Fact]
    public void A_text_over_an_object_replaces_it()
    {
        Config config = ConfigurationFactory.ParseString("a { x = 1 }\na = plain");
        Assert.Equal("plain", config.GetString("a"));
        Assert.False(config.HasPath("a.x"));
    }

    [EmbeddedFact("Akka.NET takes no comma behind an object in braces")]
    public void A_comma_may_follow_an_object() =>
        Assert.Equal(2, ConfigurationFactory.ParseString("a { x = 1 }, b = 2").GetInt("b"));

    [Fact]
    public void A_quoted_key_may_hold_dots()
    {
        Config config = ConfigurationFactory.ParseString(
            "bindings { \"System.Object\" = json\n System.Object = other }");
        Assert.Equal("json", config.GetString("bindings.\"System.Object\""));
        Assert.Equal("other", config.GetString("bindings.System.Object"));
    }

    [Fact]
    public void Deployment_paths_are_keys()
    {
        Config config = ConfigurationFactory.ParseString(
            "akka.actor.deployment { /service/worker { router = round-robin-pool } }");
        Assert.Equal("round-robin-pool", config.GetString("akka.actor.deployment./service/worker.router"));
    }

    [Theory]
    [InlineData("a = [1, 2, 3]")]
    [InlineData("a = [1,2,3,]")]
    [InlineData("a = [\n  1\n  2\n  3\n]")]
    [InlineData("a = [ 1, # one\n 2\n // two\n 3 ]")]
    [InlineData("a = [1] [2, 3]")]
    [InlineData("b = [2]\na = [1] ${b} [3]")]
    public void Lists(string hocon) => Assert.Equal([1, 2, 3], ConfigurationFactory.ParseString(hocon).GetIntList("a"));

    [EmbeddedTheory("Akka.NET looks for a value that names itself until its stack overflows, and ignores `+=`")]
    [InlineData("a = [1, 2]\na = ${a} [3]")]
    [InlineData("a = [1, 2]\na += 3")]
    public void Lists_that_grow(string hocon) =>
        Assert.Equal([1, 2, 3], ConfigurationFactory.ParseString(hocon).GetIntList("a"));

    [Fact]
    public void Lists_of_each_kind()
    {
        Config config = ConfigurationFactory.ParseString(
            "n = [1, 2]\ns = [one, \"two three\"]\nb = [on, false]\nf = [1.5]\ne = []");
        Assert.Equal([1L, 2L], config.GetLongList("n"));
        Assert.Equal([(byte)1, (byte)2], config.GetByteList("n"));
        Assert.Equal(["one", "two three"], config.GetStringList("s"));
        Assert.Equal([true, false], config.GetBooleanList("b"));
        Assert.Equal([1.5f], config.GetFloatList("f"));
        Assert.Equal([1.5], config.GetDoubleList("f"));
        Assert.Equal([1.5m], config.GetDecimalList("f"));
        Assert.Empty(config.GetStringList("e"));
    }

    [Fact]
    public void Objects_in_lists()
    {
        Config config = ConfigurationFactory.ParseString("a = [{ x = 1 }, { x = 2 }]");
        Assert.Equal([1, 2], config.GetValue("a")!.GetArray().Select(item => item.GetChildObject("x")!.GetInt()));
    }

    [Theory]
    [InlineData("b = 1\na = ${b}", "1")]
    [InlineData("a = ${b}\nb = 1", "1")]
    [InlineData("x { y = 1 }\na = ${x.y}", "1")]
    [InlineData("b = host\na = \"tcp://\"${b}\":2552\"", "tcp://host:2552")]
    [InlineData("b = one\na = ${b} two", "one two")]
    public void Substitutions(string hocon, string expected) =>
        Assert.Equal(expected, ConfigurationFactory.ParseString(hocon).GetString("a"));

    [EmbeddedFact("Akka.NET takes the whole value for nothing when an optional part of it is")]
    public void An_optional_part_that_is_not_there_leaves_the_rest() =>
        Assert.Equal("one", ConfigurationFactory.ParseString("a = one${?nothing.here}").GetString("a"));

    [EmbeddedFact("Akka.NET forgets the object that was named when another follows")]
    public void A_substituted_object_is_merged()
    {
        Config config = ConfigurationFactory.ParseString(
            "default { timeout = 5s, retries = 3 }\nmine = ${default} { retries = 10 }");
        Assert.Equal(TimeSpan.FromSeconds(5), config.GetTimeSpan("mine.timeout"));
        Assert.Equal(10, config.GetInt("mine.retries"));
        Assert.Equal(3, config.GetInt("default.retries"));
    }

    [EmbeddedFact("Akka.NET leaves a key without a value")]
    public void An_optional_substitution_that_finds_nothing_leaves_nothing()
    {
        Config config = ConfigurationFactory.ParseString("a = ${?nothing.here}\nb = 1");
        Assert.False(config.HasPath("a"));
        Assert.Equal("fallback", config.GetString("a", "fallback"));
    }

    [Fact]
    public void A_required_substitution_that_finds_nothing_is_an_error() =>
        Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString("a = ${nothing.here}").GetString("a"));

    [EmbeddedFact("Akka.NET does not ask the environment")]
    public void The_environment_answers_last()
    {
        const string Name = "IRIDIUM_HOCON_SPEC";
        Environment.SetEnvironmentVariable(Name, "from outside");
        Assert.Equal("from outside", ConfigurationFactory.ParseString($"a = ${{{Name}}}").GetString("a"));
        Assert.Equal("inside", ConfigurationFactory.ParseString($"{Name} = inside\na = ${{?{Name}}}").GetString("a"));
        Environment.SetEnvironmentVariable(Name, null);
    }

    [Fact]
    public void An_include_is_answered_by_the_callback()
    {
        Config config = ConfigurationFactory.ParseString(
            "a = 1\ninclude \"other\"\nc { include \"other\" }",
            name => ConfigurationFactory.ParseString($"b = {name}").Root is { } root
                ? new Akka.Configuration.Hocon.HoconRoot(root)
                : null);
        Assert.Equal(1, config.GetInt("a"));
        Assert.Equal("other", config.GetString("b"));
        Assert.Equal("other", config.GetString("c.b"));
    }

    [EmbeddedTheory("Akka.NET takes the end of the text for the end of the value")]
    [InlineData("a = {")]
    [InlineData("a = [1, 2")]
    [InlineData("a = \"never closed")]
    [InlineData("a = ${b")]
    public void What_is_cut_off_is_an_error(string hocon) =>
        Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString(hocon).GetString("a"));
}
