using Iridium.Actors.Node;

namespace Iridium.Actors.Tests.Node;

public sealed class AliasRuleTests
{
    [Theory]
    [InlineData("node1", true)]
    [InlineData("a", true)]
    [InlineData("A.b_c-9", true)]
    [InlineData("", false)]
    [InlineData("with space", false)]
    [InlineData("ünï", false)]
    [InlineData("a/b", false)]
    [InlineData("\u001b[31m", false)]
    public void An_alias_is_letters_digits_and_three_signs(string alias, bool valid)
    {
        Assert.Equal(valid, Alias.IsValid(alias));
        Assert.Equal(valid ? alias : null, Alias.FromRoles(["other", "alias-" + alias]));
        if (!valid) Assert.Throws<ArgumentException>(() => Alias.RoleOf(alias));
    }

    [Fact]
    public void An_alias_has_at_most_64_characters()
    {
        Assert.True(Alias.IsValid(new string('x', 64)));
        Assert.False(Alias.IsValid(new string('x', 65)));
    }

    [Fact]
    public void A_joiner_gives_way_to_a_member_that_is_up() =>
        Assert.Equal("A", Verdict(Up("A", 0), Joining("B") with { IsSelf = true }));

    [Fact]
    public void The_member_that_is_up_stays() => Assert.Null(Verdict(Up("A", 0) with { IsSelf = true }, Joining("B")));

    [Fact]
    public void Of_two_that_are_up_the_older_stays()
    {
        Assert.Equal("A", Verdict(Up("A", 0), Up("B", 1) with { IsSelf = true }));
        Assert.Null(Verdict(Up("A", 0) with { IsSelf = true }, Up("B", 1)));
    }

    [Fact]
    public void Two_joiners_wait_until_one_is_up() =>
        Assert.Null(Verdict(Joining("A"), Joining("B") with { IsSelf = true }));

    [Fact]
    public void A_member_that_cannot_be_reached_holds_no_alias() =>
        Assert.Null(Verdict(Up("A", 0) with { IsReachable = false }, Joining("B") with { IsSelf = true }));

    [Fact]
    public void Other_aliases_and_nodes_without_one_are_no_reason() => Assert.Null(Verdict(
        Up("A", 0) with { Alias = null },
        Up("C", 1) with { Alias = "node2" },
        Joining("B") with { IsSelf = true }));

    [Fact]
    public void A_node_that_does_not_see_itself_yet_is_joining() => Assert.Equal("A", Verdict(Up("A", 0)));

    /// <summary>
    /// Whatever each node sees of who is up already, and of whom it hears at all, exactly one stays in the end: no
    /// order of news makes all of them go, and when the news has spread only the oldest is left.
    /// </summary>
    [Fact]
    public void Of_any_number_that_join_at_once_exactly_one_stays()
    {
        // Every subset of three nodes may be up in a view, and every subset known, as long as up-ness only grows by
        // age.
        string[] names = ["A", "B", "C"];
        for (int order = 0; order < 6; order++)
        {
            string[] byAge = Permutation(names, order);
            foreach (string self in names)
            {
                for (int upCount = 0; upCount <= 3; upCount++)
                {
                    for (int known = 0; known < 8; known++)
                    {
                        string? verdict = Judge(byAge, self, upCount, known);
                        bool isOldest = byAge[0] == self;
                        Assert.False(isOldest && verdict is not null, "The oldest must never give way.");
                        if (known == 7 && upCount == 3) Assert.Equal(isOldest, verdict is null);
                    }
                }
            }
        }
    }

    private static string? Judge(string[] byAge, string self, int upCount, int known) => Verdict(
    [
        .. byAge
            .Where((name, index) => name == self || (known & (1 << index)) != 0)
            .Select(name => (name, age: Array.IndexOf(byAge, name)))
            .Select(one => one.age < upCount ? Up(one.name, one.age) : Joining(one.name))
            .Select(holder => holder with { IsSelf = holder.Address == self }),
    ]);

    private static string[] Permutation(string[] names, int order)
    {
        var left = names.ToList();
        var result = new List<string>();
        foreach (int choice in new[] { order / 2, order % 2, 0 })
        {
            result.Add(left[choice]);
            left.RemoveAt(choice);
        }
        return [.. result];
    }

    private static string? Verdict(params AliasHolder[] members) => AliasRule.LosesTo("node1", members)?.Address;

    private static AliasHolder Up(string address, int age) => new("node1", address, true, true, false, age);

    private static AliasHolder Joining(string address) => new("node1", address, false, true, false, int.MaxValue);
}
