using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.PublishSubscribe.Internal;
using Akka.Cluster.Tools.PublishSubscribe.Serialization;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>How registries of several nodes come to agree.</summary>
public class TopicRegistryTests
{
    private static readonly Address One = new("akka.tcp", "s", "127.0.0.1", 8001);
    private static readonly Address Two = new("akka.tcp", "s", "127.0.0.1", 8002);

    private const int Frame = 124_000;
    private const long Now = 63930797804204;

    [Fact]
    public void What_one_registers_the_other_learns_and_nothing_is_sent_twice()
    {
        TopicRegistry one = TopicRegistry.Of(One).Put("/user/a", "a@1", 100).Put("/user/b", "b@1", 100);
        TopicRegistry two = TopicRegistry.Of(Two);

        Assert.True(two.IsBehind(one.Versions));
        two = two.Merge(one.DeltaFor(two.Versions, 3000, Frame), _ => true);

        Assert.Equal([(One, "a@1")], two.Find("/user/a"));
        Assert.False(two.IsBehind(one.Versions));
        Assert.Empty(one.DeltaFor(two.Versions, 3000, Frame));
    }

    [Fact]
    public void A_removal_is_learned_too_and_forgotten_after_a_while()
    {
        TopicRegistry one = TopicRegistry.Of(One).Put("/user/a", "a@1", 100);
        TopicRegistry two = TopicRegistry.Of(Two).Merge(one.DeltaFor(TopicRegistry.Of(Two).Versions, 3000, Frame), _ => true);
        one = one.Put("/user/a", "", 200);

        two = two.Merge(one.DeltaFor(two.Versions, 3000, Frame), _ => true);

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
        for (; two.IsBehind(one.Versions); parts++) two = two.Merge(one.DeltaFor(two.Versions, 4, Frame), _ => true);

        Assert.Equal(3, parts);
        Assert.Equal(10, two.Buckets[One].Content.Count);
    }

    [Theory]
    [InlineData("topic", 2_000)]
    [InlineData("a topic with a long name, and one that is longer in bytes than in letters: \u00e9\u4e2d\u6587", 500)]
    public void A_part_takes_no_more_bytes_than_it_may(string name, int topics)
    {
        TopicRegistry one = TopicRegistry.Of(One);
        for (int i = 0; i < topics; i++)
            one = one.Put($"/system/m/{name}{i}", $"akka.tcp://s@127.0.0.1:8001/system/m/{name}{i}#{i}", Now);
        TopicRegistry two = TopicRegistry.Of(Two);

        List<int> sizes = Spread(one, ref two, 20_000);

        Assert.Equal(one.Versions[One], two.Versions[One]);
        Assert.Equal(one.Buckets[One].Content, two.Buckets[One].Content);
        Assert.All(sizes, size => Assert.InRange(size, 0, 20_000));
        // The estimate is no more than a good quarter too high.
        Assert.All(sizes.SkipLast(1), size => Assert.InRange(size, 14_000, 20_000));
    }

    [Fact]
    public void Many_small_buckets_take_no_more_bytes_than_they_may()
    {
        TopicRegistry one = TopicRegistry.Of(One);
        for (int i = 0; i < 500; i++)
        {
            var owner = new Address("akka.tcp", "s", $"host-{i}.of.a.long.name", 8001);
            one = one.Merge([TopicRegistry.Of(owner).Put("/user/a", "a", Now).Buckets[owner]], _ => true);
        }

        TopicRegistry two = TopicRegistry.Of(Two);
        List<int> sizes = Spread(one, ref two, 10_000);

        Assert.Equal(501, two.Buckets.Count);
        Assert.All(sizes, size => Assert.InRange(size, 0, 10_000));
    }

    [Fact]
    public void An_entry_that_fits_no_message_holds_up_none_that_does()
    {
        TopicRegistry one = TopicRegistry.Of(One).Put("/user/a", "a", 100)
            .Put(new string('x', 20_000), "x", 200).Put("/user/b", "b", 300);
        TopicRegistry two = TopicRegistry.Of(Two);

        Spread(one, ref two, 10_000);

        Assert.Equal(["/user/a", "/user/b"], two.Buckets[One].Content.Keys);
        Assert.Equal(one.Versions[One], two.Versions[One]);
    }

    [Fact]
    public void A_status_of_a_thousand_nodes_fits_a_frame()
    {
        var versions = ImmutableSortedDictionary.CreateBuilder<Address, long>();
        for (int i = 0; i < 1_000; i++)
            versions.Add(new Address("akka.tcp", "system", $"pod-{i}.service.namespace.svc.cluster.local", 8001), Now);

        Assert.InRange(BytesOf(new PublishSubscribe.Status(versions.ToImmutable(), false)), 0, Frame);
    }

    [Fact]
    public void Strangers_are_not_learned_from_and_the_own_bucket_is_the_own_affair()
    {
        TopicRegistry one = TopicRegistry.Of(One).Put("/user/a", "a@1", 100);
        TopicRegistry two = TopicRegistry.Of(Two);

        Assert.Same(two, two.Merge(one.DeltaFor(two.Versions, 3000, Frame), _ => false));
        Assert.Same(one, one.Merge([Bucket.Empty(One) with { Version = 999 }], _ => true));
    }

    [Fact]
    public void The_clock_may_stand_still() =>
        Assert.Equal(101, TopicRegistry.Of(One).Put("/user/a", "a@1", 100).Put("/user/b", "b@1", 100).Versions[One]);

    /// <returns>What each message took.</returns>
    private static List<int> Spread(TopicRegistry from, ref TopicRegistry to, int mostBytes)
    {
        List<int> sizes = [];
        while (to.IsBehind(from.Versions))
        {
            ImmutableArray<Bucket> delta = from.DeltaFor(to.Versions, 3000, mostBytes);
            long before = to.Versions.Values.Sum();
            to = to.Merge(delta, _ => true);
            Assert.True(to.Versions.Values.Sum() > before, "A delta brought nothing new.");
            sizes.Add(BytesOf(new Delta(delta)));
        }

        return sizes;
    }

    private static int BytesOf(IDistributedPubSubMessage message) =>
        new DistributedPubSubMessageSerializer(null!).ToBinary(message).Length;
}
