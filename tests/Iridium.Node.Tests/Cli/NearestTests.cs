using Iridium.Node.Cli;

namespace Iridium.Node.Tests.Cli;

public sealed class NearestTests
{
    [Theory]
    [InlineData("prot", "port")]
    [InlineData("PORT", "port")]
    [InlineData("hostt", "host")]
    [InlineData("zebra", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_found_or_none(string typed, string? meant) =>
        Assert.Equal(meant, Nearest.To(typed, ["port", "host"]));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_the_slips_of_a_finger(string from, string to, int distance)
    {
        Assert.Equal(distance, Nearest.Distance(from, to));
        Assert.Equal(distance, Nearest.Distance(to, from));
    }
}
