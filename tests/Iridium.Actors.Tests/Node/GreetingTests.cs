using System.Collections.Immutable;
using Iridium.Actors.Node;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Tests.Node;

public sealed class GreetingTests
{
    private static readonly ImmutableArray<KnownNode> Members =
    [
        new("node1", "akka.tcp://iridium@h:1", "h", 1, 11, true),
        new("node2", "akka.tcp://iridium@h:2", "h", 2, 22, true),
        new("gone", "akka.tcp://iridium@h:3", "h", 3, 33, false),
        new(null, "akka.tcp://iridium@h:4", "h", 4, 44, true),
    ];

    [Fact]
    public void A_welcome_names_every_node_with_an_alias()
    {
        var ack = Assert.IsType<ClusterProtocol.HelloAck>(Answer("node9", joining: true));
        Assert.Equal(("node1", 4), (ack.Alias, ack.Attempt));
        Assert.Equal(["node1", "node2", "gone"], ack.Nodes.Select(node => node.Alias));
    }

    [Theory]
    [InlineData("node2", JoinRefusal.AliasTaken)]
    [InlineData("node1", JoinRefusal.AliasTaken)]
    [InlineData("", JoinRefusal.BadAlias)]
    [InlineData("no de", JoinRefusal.BadAlias)]
    public void A_joiner_is_refused(string alias, JoinRefusal reason) =>
        Assert.Equal(reason, Assert.IsType<ClusterProtocol.HelloRefused>(Answer(alias, joining: true)).Reason);

    [Fact]
    public void A_refusal_names_the_node_that_has_the_alias() => Assert.Equal(
        "akka.tcp://iridium@h:2", Assert.IsType<ClusterProtocol.HelloRefused>(Answer("node2", joining: true)).Detail);

    [Fact]
    public void A_node_that_was_started_again_at_its_address_keeps_its_alias() =>
        Assert.IsType<ClusterProtocol.HelloAck>(Answer("node2", joining: true, from: "akka.tcp://iridium@h:2"));

    [Fact]
    public void The_alias_of_a_node_that_is_gone_is_free() =>
        Assert.IsType<ClusterProtocol.HelloAck>(Answer("gone", joining: true));

    [Fact]
    public void Members_may_always_say_hello() =>
        Assert.IsType<ClusterProtocol.HelloAck>(Answer("node2", joining: false));

    [Fact]
    public void A_node_without_a_cluster_says_so()
    {
        IWireMessage answer = Greeting.Answer(new("node9", 9, true, 4), "x", "node1", 11, [], isLeaving: false);
        Assert.Equal(JoinRefusal.NoCluster, Assert.IsType<ClusterProtocol.HelloRefused>(answer).Reason);
        answer = Greeting.Answer(new("node9", 9, true, 4), "x", "node1", 11, Members, isLeaving: true);
        Assert.Equal(JoinRefusal.Leaving, Assert.IsType<ClusterProtocol.HelloRefused>(answer).Reason);
    }

    private static IWireMessage Answer(string alias, bool joining, string from = "akka.tcp://iridium@h:9") =>
        Greeting.Answer(new(alias, 9, joining, 4), from, "node1", 11, Members, isLeaving: false);
}
