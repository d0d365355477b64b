using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>How registries of several nodes come to agree.</summary>
public class TopicRegistryTests
{
    private static readonly Address One = new("akka.tcp", "s", "127.0.0.1", 8001);
    private static readonly Address Two = new("akka.tcp", "s", "127.0.0.1", 8002);

    [Fact]
    public void What_one_registers_the_other_learns_and_nothing_is_sent_twice()
    {
        TopicRegistry one = TopicRegistry.Of(One).Put("/user/a", "a@1", 100).Put("/user/b", "b@1", 100);
        TopicRegistry two = TopicRegistry.Of(Two);

        Assert.True(two.IsBehind(one.Versions));
        two = two.Merge(one.DeltaFor(two.Versions, 3000), _ => true);

        Assert.Equal([(One, "a@1")], two.Find("/user/a"));
        Assert.False(two.IsBehind(one.Versions));
        Assert.Empty(one.DeltaFor(two.Versions, 3000));
    }

    [Fact]
    public void A_removal_is_learned_too_and_forgotten_after_a_while()
    {
        TopicRegistry one = TopicRegistry.Of(One).Put("/user/a", "a@1", 100);
        TopicRegistry two = TopicRegistry.Of(Two).Merge(one.DeltaFor(TopicRegistry.Of(Two).Versions, 3000), _ => true);
        one = one.Put("/user/a", "", 200);

        two = two.Merge(one.DeltaFor(two.Versions, 3000), _ => true);

        Assert.Empty(two.Find("/user/a"));
        Assert.Empty(two.Prune(201).Buckets[One].Content);
        Assert.NotEmpty(two.Prune(200).Buckets[One].Content);
    }

    [Fact]
    public void A_long_delta_comes_in_parts()
    {
        TopicRegistry one = TopicRegistry.Of(One);
        for (int i = 0; i < 10; i++) one = one.Put($"/user/{i}", $"{i}@1", 100);
        TopicRegistry two = TopicRegistry.Of(Two);

        int parts = 0;
        for (; two.IsBehind(one.Versions); parts++) two = two.Merge(one.DeltaFor(two.Versions, 4), _ => true);

        Assert.Equal(3, parts);
        Assert.Equal(10, two.Buckets[One].Content.Count);
    }

    [Fact]
    public void Strangers_are_not_learned_from_and_the_own_bucket_is_the_own_affair()
    {
        TopicRegistry one = TopicRegistry.Of(One).Put("/user/a", "a@1", 100);
        TopicRegistry two = TopicRegistry.Of(Two);

        Assert.Same(two, two.Merge(one.DeltaFor(two.Versions, 3000), _ => false));
        Assert.Same(one, one.Merge([Bucket.Empty(One) with { Version = 999 }], _ => true));
    }

    [Fact]
    public void The_clock_may_stand_still() =>
        Assert.Equal(101, TopicRegistry.Of(One).Put("/user/a", "a@1", 100).Put("/user/b", "b@1", 100).Versions[One]);
}
