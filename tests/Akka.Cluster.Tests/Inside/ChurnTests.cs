using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Daemon;
using Akka.Cluster.Membership;
using Akka.Configuration;
using Akka.Remote;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>What a node that lives long keeps of thousands of others that came and went.</summary>
public sealed class ChurnTests
{
    private const int Lives = 2_000;
    private static readonly TimeSpan _now = TimeSpan.FromSeconds(100);
    private static readonly ImmutableArray<Member> _lasting = [Up(1), Up(2), Up(3)];

    [Fact]
    public void Nothing_is_kept_of_who_was_watched_and_is_gone_whether_it_answered_or_fell_silent_or_answered_late()
    {
        double now = 0;
        DefaultFailureDetectorRegistry<Address> detectors = new(() => new DeadlineFailureDetector(
            TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), () => (long)(now * 1000)));
        Heartbeats beats = new(
            Node(1), new HeartbeatSettings { MonitoredByNrOfMembers = 1 }, detectors, TimeSpan.Zero, _ => 1, _ => 0);
        int formerSilent = 0;
        for (int life = 1; life <= Lives; life++)
        {
            // The ring is in the order of numbers: each life is nearer than the one before it.
            UniqueAddress last = Node(Number(Lives - life)), next = Node(Number(Lives - life - 1));
            Observe(last);
            Run(2, answers: true);
            if (life % 2 == 0)
            {
                beats.ConnectionBroke(last.Address, TimeSpan.FromSeconds(now));
                Run(6, answers: false);
            }
            // The ring may move on to the next, with the last one silent.
            Observe(last, next);
            if (beats.Receivers.Length > 1) formerSilent++;
            Observe(next);
            beats.SignOfLife(last, TimeSpan.FromSeconds(now));
        }

        Assert.True(formerSilent > 0);
        Assert.InRange(beats.Kept, 0, 20);
        Assert.InRange(detectors.Count, 0, 5);

        void Observe(params UniqueAddress[] others) => beats.Observe(GossipOf([Up(1), Up(20_000),
            .. others.Select(node => Up(node.Address.Port!.Value - 8000))]));

        void Run(double seconds, bool answers)
        {
            for (double end = now + seconds; beats.WakeAt.TotalSeconds <= end;)
            {
                now = Math.Max(now, beats.WakeAt.TotalSeconds);
                HeartbeatRound round = beats.Advance(TimeSpan.FromSeconds(now));
                foreach (UniqueAddress node in round.Beats)
                    if (answers) beats.SignOfLife(node, TimeSpan.FromSeconds(now));
            }
            now += seconds;
        }
    }

    [Fact]
    public void Nothing_is_kept_of_answers_that_nobody_asked_for()
    {
        DefaultFailureDetectorRegistry<Address> detectors = new(() => throw new InvalidOperationException("no member"));
        Heartbeats beats = new(Node(1), new HeartbeatSettings(), detectors, TimeSpan.Zero);
        beats.Observe(GossipOf([.. _lasting]));
        for (int life = 10; life <= Lives; life++) beats.SignOfLife(Node(life), TimeSpan.Zero);

        Assert.Equal(0, beats.Kept);
    }

    [Fact]
    public void Nothing_is_kept_of_members_that_refused_this_node_and_are_gone()
    {
        ClusterNodeState node = ClusterNode.Start(Node(1), new ClusterNodeSettings(), 1) with
        {
            Phase = NodePhase.Inside, Gossip = GossipOf([.. _lasting]),
        };
        for (int life = 1; life <= Lives; life++)
        {
            Gossip with = node.Gossip.With(Up(Number(life))).Changed(Node(2));
            Hear(new GossipEnvelope(Node(2), Node(1), with));
            node = ClusterNode.Step(node, new QuarantinedBy(AddressOf(Number(life))), _now).State;
            Assert.Equal(Node(Number(life)), Assert.Single(node.RefusedBy));
            Hear(new GossipEnvelope(Node(2), Node(1), node.Gossip.Remove([Node(Number(life))]).Changed(Node(2))));
        }

        Assert.Equal([1, 2, 3], node.Gossip.Members.Numbers());
        Assert.Empty(node.RefusedBy);
        Assert.Empty(node.Gossip.Seen.RemoveAll(each => _lasting.Any(member => member.UniqueAddress.Equals(each))));

        void Hear(GossipEnvelope said) => node = ClusterNode.Step(node, said, _now).State;
    }

    [Fact]
    public void Of_nodes_that_were_written_to_few_more_ways_are_kept_than_there_are_members()
    {
        ActorSystem system = ActorSystem.Create("Tales", ConfigurationFactory.ParseString(
            "akka { actor.provider = remote, stdout-loglevel = OFF, loglevel = OFF }\n"
            + "akka.remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 0 }"));
        try
        {
            Selections ways = new(system, "core", "daemon");
            Assert.Equal("/system/cluster/core/daemon", ways.Of(AddressOf(1), members: 5).PathString);
            Assert.Same(ways.Of(AddressOf(1), members: 5), ways.Of(AddressOf(1), members: 5));
            for (int life = 1; life <= Lives; life++)
            {
                ways.Of(AddressOf(life), members: 5);
                Assert.InRange(ways.Count, 1, 26);
            }
        }
        finally
        {
            system.Terminate().Wait();
        }
    }

    private static int Number(int life) => 10 + life;
}
