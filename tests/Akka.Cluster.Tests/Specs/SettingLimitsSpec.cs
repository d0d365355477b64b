using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tests.Specs;

/// <summary>Settings that would make a node that cannot work are refused when it starts, by name.</summary>
public sealed class SettingLimitsSpec
{
    [EmbeddedTheory("Akka.NET takes it, or says it in other words")]
    [InlineData("akka.cluster.failure-detector.threshold", "-1", "a number above 0")]
    [InlineData("akka.cluster.failure-detector.heartbeat-interval", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.failure-detector.expected-response-after", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.failure-detector.acceptable-heartbeat-pause", "infinite", "a finite time")]
    [InlineData("akka.cluster.failure-detector.min-std-deviation", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.failure-detector.max-sample-size", "0", "at least 1")]
    [InlineData("akka.cluster.failure-detector.monitored-by-nr-of-members", "0", "at least 1")]
    [InlineData("akka.cluster.gossip-interval", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.leader-actions-interval", "infinite", "a finite time above 0")]
    [InlineData("akka.cluster.unreachable-nodes-reaper-interval", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.seed-node-timeout", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.retry-unsuccessful-join-after", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.shutdown-after-unsuccessful-join-seed-nodes", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.allow-weakly-up-members", "infinite", "a finite time")]
    [InlineData("akka.cluster.periodic-tasks-initial-delay", "infinite", "a finite time")]
    [InlineData("akka.cluster.embedded.join-retry-interval", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.split-brain-resolver.stable-after", "0s", "a finite time above 0")]
    [InlineData("akka.cluster.split-brain-resolver.down-all-when-unstable", "infinite", "a finite time")]
    [InlineData("akka.remote.watch-failure-detector.heartbeat-interval", "0s", "a finite time above 0")]
    [InlineData("akka.remote.watch-failure-detector.threshold", "0", "a number above 0")]
    [InlineData("akka.remote.watch-failure-detector.unreachable-nodes-reaper-interval", "0s", "a finite time above 0")]
    [InlineData("akka.remote.transport-failure-detector.heartbeat-interval", "0s", "a finite time above 0")]
    [InlineData("akka.remote.resend-interval", "0s", "a finite time above 0")]
    public void A_value_without_a_meaning_is_named_with_what_is_allowed(string path, string value, string allowed)
    {
        var error = Assert.Throws<ConfigurationException>(() => ActorSystem.Create("limits", ConfigurationFactory.ParseString(
            $"akka.actor.provider = cluster, akka.loglevel = OFF, akka.remote.dot-netty.tcp.port = 0, {path} = {value}")));
        Assert.Equal($"{path} is {value}, but must be {allowed}.", error.Message);
    }

    [EmbeddedFact("Akka.NET has such routers")]
    public void A_router_that_is_to_know_the_cluster_is_named()
    {
        var error = Assert.Throws<ConfigurationException>(() => ActorSystem.Create("limits", ConfigurationFactory.ParseString(
            "akka.actor.provider = cluster, akka.loglevel = OFF, akka.remote.dot-netty.tcp.port = 0,"
            + "akka.actor.deployment { /far { router = round-robin-group, cluster.enabled = on } }")));
        Assert.StartsWith(
            "akka.actor.deployment./far says cluster.enabled = on, but", error.Message, StringComparison.Ordinal);
    }
}
