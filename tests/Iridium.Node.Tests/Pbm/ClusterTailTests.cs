using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Iridium.Node.Pbm;

namespace Iridium.Node.Tests.Pbm;

/// <summary>What a node tells those who follow its cluster.</summary>
public sealed class ClusterTailTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_node_that_ends_tells_of_its_own_end_and_not_that_the_others_are_gone()
    {
        using ActorSystem stays = Start(), goes = Start();
        await Cluster.Get(stays).JoinAsync(Cluster.Get(stays).SelfAddress).WaitAsync(Patience);
        List<PbmReply.Change> told = [];
        Task tail = ClusterTail.Run(goes, change =>
        {
            lock (told) told.Add((PbmReply.Change)change);
            return Task.CompletedTask;
        }, CancellationToken.None);
        await Cluster.Get(goes).JoinAsync(Cluster.Get(stays).SelfAddress).WaitAsync(Patience);

        await goes.Terminate().WaitAsync(Patience);
        await tail.WaitAsync(Patience);

        string own = Cluster.Get(goes).SelfAddress.ToString(), other = Cluster.Get(stays).SelfAddress.ToString();
        Assert.Contains(told, change => change.Address == other && change.What == "up");
        Assert.Equal([own], told.Where(change => change.What == "removed").Select(change => change.Address));
        await stays.Terminate().WaitAsync(Patience);
    }

    private static ActorSystem Start() => ActorSystem.Create("tail", ConfigurationFactory.ParseString("""
        akka { loglevel = WARNING, stdout-loglevel = OFF, loggers = [], actor.provider = cluster }
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """));
}
