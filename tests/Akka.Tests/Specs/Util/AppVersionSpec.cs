using Akka.Util;

namespace Akka.Tests.Specs.Util;

/// <summary>Which of two versions of an application is the newer one.</summary>
public class AppVersionSpec
{
    [Theory]
    [InlineData("1.0.0", "1.0.1")]
    [InlineData("1.9", "1.10")]
    [InlineData("1", "1.0.1")]
    [InlineData("1.2.3-RC1", "1.2.3")]
    [InlineData("1.2.3-RC1", "1.2.3-RC2")]
    [InlineData("1.2.3-RC1", "1.2.3-rc1")]
    [InlineData("1.2.3+build", "1.2.3")]
    [InlineData("1.2.3+3", "1.2.3")]
    [InlineData("1.2.3-10", "1.2.3-9")]
    [InlineData("1.0.10", "1.0.10+3-1234abcd")]
    [InlineData("1.0.10+3-1234abcd", "1.0.10+10-1234abcd")]
    [InlineData("1.0.10-3-1234abcd", "1.0.10-10-1234abcd")]
    [InlineData("1.0.10+3-1234abcd", "1.0.10+3-1234abcd-20200101")]
    [InlineData("1.0.10+10-1234abcd", "1.0.11")]
    [InlineData("1.2+3-abc", "1.2+10-abc")]
    [InlineData("bar", "foo")]
    [InlineData("FOO", "foo")]
    [InlineData("foo", "10")]
    [InlineData("2b", "foo")]
    [InlineData("2b", "1")]
    [InlineData("foo", "0.0.0")]
    [InlineData("1-RC1", "0.0.0")]
    [InlineData("HEAD+20140707-1030", "HEAD+20140707-1031")]
    [InlineData("HEAD+20140707-1030", "1.2.3")]
    public void The_newer_is_higher(string older, string newer)
    {
        AppVersion lower = AppVersion.Create(older);
        AppVersion higher = AppVersion.Create(newer);

        Assert.True(lower.CompareTo(higher) < 0);
        Assert.True(higher.CompareTo(lower) > 0);
        Assert.NotEqual(lower, higher);
    }

    [Theory]
    [InlineData("1", "1.0.0")]
    [InlineData("1.2", "1.2.0")]
    [InlineData("1.2-RC1", "1.2.0-RC1")]
    [InlineData("1.0.10-3-1234abcd", "1.0.10+3-1234abcd")]
    [InlineData("1.2+3-abc", "1.2.3-abc")]
    public void Of_the_same_said_in_two_ways_none_is_newer(string one, string other) =>
        Assert.Equal(0, AppVersion.Create(one).CompareTo(AppVersion.Create(other)));

    [EmbeddedTheory("to Akka.NET they are different versions of which none is newer")]
    [InlineData("1", "1.0.0")]
    [InlineData("1.2", "1.2.0")]
    [InlineData("1.2-RC1", "1.2.0-RC1")]
    [InlineData("1.0.10-3-1234abcd", "1.0.10+3-1234abcd")]
    [InlineData("1.2+3-abc", "1.2.3-abc")]
    public void The_same_said_in_two_ways_is_equal(string one, string other)
    {
        Assert.Equal(AppVersion.Create(one), AppVersion.Create(other));
        Assert.Equal(AppVersion.Create(one).GetHashCode(), AppVersion.Create(other).GetHashCode());
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("HEAD+20140707-1030")]
    [InlineData("1.2+3-abc")]
    public void The_text_stays_as_it_was_written(string text) => Assert.Equal(text, AppVersion.Create(text).Version);

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.3-RC.1")]
    [InlineData("a.b")]
    [InlineData("1..2")]
    [InlineData("1.2.x")]
    [InlineData("99999999999")]
    public void What_is_no_version_is_refused(string text) => Assert.ThrowsAny<Exception>(() => AppVersion.Create(text));
}
