using Akka.Configuration;

namespace Akka.Tests.Specs.Configuration;

/// <summary>Reading a configuration: types, defaults, fallbacks.</summary>
public sealed class ConfigSpec
{
    private static readonly Config Sample = ConfigurationFactory.ParseString("""
        number = 42
        big = 9000000000
        fraction = 1.25
        negative = -7
        yes = yes
        off = off
        text = some text
        nothing = null
        section { inner = 1, deep { er = 2 } }
        """);

    [Fact]
    public void Values_are_read_as_what_they_are_asked_for()
    {
        Assert.Equal(42, Sample.GetInt("number"));
        Assert.Equal(42L, Sample.GetLong("number"));
        Assert.Equal(9_000_000_000, Sample.GetLong("big"));
        Assert.Equal(1.25, Sample.GetDouble("fraction"));
        Assert.Equal(1.25f, Sample.GetFloat("fraction"));
        Assert.Equal(1.25m, Sample.GetDecimal("fraction"));
        Assert.Equal(-7, Sample.GetInt("negative"));
        Assert.False(Sample.GetBoolean("off", true));
        Assert.Equal("some text", Sample.GetString("text"));
        Assert.Null(Sample.GetString("nothing"));
    }

    [EmbeddedFact("Akka.NET knows on and off, true and false, and calls `yes` an unknown format")]
    public void Yes_is_true() => Assert.True(Sample.GetBoolean("yes"));

    [Fact]
    public void A_missing_value_is_its_default()
    {
        Assert.Equal(0, Sample.GetInt("no.such.path"));
        Assert.Equal(5, Sample.GetInt("no.such.path", 5));
        Assert.Null(Sample.GetString("no.such.path"));
        Assert.Equal("x", Sample.GetString("no.such.path", "x"));
        Assert.True(Sample.GetBoolean("no.such.path", true));
        Assert.Equal(TimeSpan.FromSeconds(3), Sample.GetTimeSpan("no.such.path", TimeSpan.FromSeconds(3)));
        Assert.Null(Sample.GetByteSize("no.such.path"));
        Assert.Null(Sample.GetConfig("no.such.path"));
        Assert.True(Sample.GetConfig("no.such.path").IsNullOrEmpty());
        Assert.False(Sample.GetConfig("section").IsNullOrEmpty());
    }

    [Theory]
    [InlineData("10ms", 10)]
    [InlineData("10 ms", 10)]
    [InlineData("10", 10)]
    [InlineData("10 milliseconds", 10)]
    [InlineData("2s", 2_000)]
    [InlineData("2 seconds", 2_000)]
    [InlineData("0.5s", 500)]
    [InlineData("3m", 180_000)]
    [InlineData("3 minutes", 180_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1 hour", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("2 days", 172_800_000)]
    [InlineData("0s", 0)]
    [InlineData("infinite", -1)]
    public void Durations(string text, double milliseconds) => Assert.Equal(
        TimeSpan.FromMilliseconds(milliseconds), ConfigurationFactory.ParseString($"a = {text}").GetTimeSpan("a"));

    [Fact]
    public void Infinite_is_refused_where_it_is_not_allowed() => Assert.ThrowsAny<Exception>(
        () => ConfigurationFactory.ParseString("a = infinite").GetTimeSpan("a", null, allowInfinite: false));

    [Theory]
    [InlineData("128000b", 128_000)]
    [InlineData("128000B", 128_000)]
    [InlineData("4096", 4_096)]
    [InlineData("1kB", 1_000)]
    [InlineData("1 kB", 1_000)]
    [InlineData("1K", 1_024)]
    [InlineData("1KiB", 1_024)]
    [InlineData("2MB", 2_000_000)]
    [InlineData("2MiB", 2_097_152)]
    [InlineData("1GB", 1_000_000_000)]
    public void Sizes(string text, long bytes) =>
        Assert.Equal(bytes, ConfigurationFactory.ParseString($"a = {text}").GetByteSize("a"));

    [Theory]
    [InlineData("a = abc")]
    [InlineData("a = 99999999999999")]
    [InlineData("a = {}")]
    public void What_is_no_number_is_refused(string hocon) =>
        Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString(hocon).GetInt("a"));

    [Fact]
    public void A_fallback_answers_where_the_text_does_not()
    {
        Config config = ConfigurationFactory.ParseString("a { x = 1 }")
            .WithFallback(ConfigurationFactory.ParseString("a { x = 2, y = 2 }\nb = 2"))
            .WithFallback(ConfigurationFactory.ParseString("a { x = 3, y = 3, z = 3 }\nb = 3\nc = 3"));
        Assert.Equal("1 2 3", $"{config.GetInt("a.x")} {config.GetInt("a.y")} {config.GetInt("a.z")}");
        Assert.Equal("2 3", $"{config.GetInt("b")} {config.GetInt("c")}");
        Config section = config.GetConfig("a")!;
        Assert.Equal("1 2 3", $"{section.GetInt("x")} {section.GetInt("y")} {section.GetInt("z")}");
    }

    [Fact]
    public void A_fallback_of_a_fallback_is_a_chain()
    {
        Config low = ConfigurationFactory.ParseString("a = 1").WithFallback(
            ConfigurationFactory.ParseString("a = 2, b = 2"));
        Config config = ConfigurationFactory.ParseString("c = 0").WithFallback(low);
        Assert.Equal("0 1 2", $"{config.GetInt("c")} {config.GetInt("a")} {config.GetInt("b")}");
    }

    [Fact]
    public void An_empty_configuration_is_empty()
    {
        Assert.True(Config.Empty.IsEmpty);
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
        Assert.True(ConfigurationFactory.ParseString("").IsEmpty);
        Assert.True(((Config)null!).IsNullOrEmpty());
        Assert.False(Sample.IsEmpty);
        Assert.Equal(42, Config.Empty.WithFallback(Sample).GetInt("number"));
    }

    [Fact]
    public void Enumerates_its_fields() =>
        Assert.Equal(["x", "y"],
            ConfigurationFactory.ParseString("x = 1, y { z = 2 }").AsEnumerable().Select(field => field.Key));

    [EmbeddedFact("what Akka.NET prints of a configuration does not read back to the same")]
    public void A_printed_configuration_parses_to_itself()
    {
        Config again = ConfigurationFactory.ParseString(Sample.ToString());
        Assert.Equal(42, again.GetInt("number"));
        Assert.Equal("some text", again.GetString("text"));
        Assert.Equal(2, again.GetInt("section.deep.er"));
    }

    [Fact]
    public void A_text_is_a_configuration_where_one_is_needed()
    {
        Config config = "a = 1";
        Assert.Equal(1, config.GetInt("a"));
    }
}
