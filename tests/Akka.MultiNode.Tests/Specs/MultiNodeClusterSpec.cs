using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote.TestKit;
using Akka.Remote.Transport;

namespace Akka.MultiNode.Tests.Specs;

using Cluster = Akka.Cluster.Cluster;

/// <summary>What specs of a cluster have in common: short intervals, and ways to wait for what members see.</summary>
public abstract class MultiNodeClusterSpec : MultiNodeSpec
{
    /// <summary>Far more than anything waited for takes, on a machine that is busy with other tests.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan _often = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Address, bool> _seenUnreachable = [];
    private readonly Dictionary<RoleName, Address> _addresses;

    protected MultiNodeClusterSpec(MultiNodeConfig config, Type type)
        : base(config, type)
    {
        IActorRef testActor = TestActor;
        Sys.ActorOf(Props.Create(() => new Post(testActor)), "post");
        IActorRef observer = Sys.ActorOf(Props.Create(() => new Observer(_seenUnreachable)), "observer");
        Cluster.Subscribe(
            observer,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.UnreachableMember));
        // Later some may be gone, and nobody could say where they were.
        _addresses = Roles.ToDictionary(role => role, role => Node(role).Address);
        EnterBarrier("ready");
    }

    /// <summary>A cluster that does in tenths of seconds what takes seconds by default, but is patient with a process
    /// that gets no processor for a while: who was silent for two seconds and then speaks is no dead.</summary>
    public static Config ClusterConfig { get; } = ConfigurationFactory.ParseString(
        """
        akka {
          actor.provider = cluster
          loglevel = INFO
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          test.single-expect-default = 25s
          testconductor.reconnect-backoff = 100ms
          remote.retry-gate-closed-for = 500ms
          cluster {
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            unreachable-nodes-reaper-interval = 200ms
            periodic-tasks-initial-delay = 200ms
            seed-node-timeout = 1s
            retry-unsuccessful-join-after = 2s
            run-coordinated-shutdown-when-down = off
            failure-detector {
              heartbeat-interval = 250ms
              expected-response-after = 500ms
              acceptable-heartbeat-pause = 1500ms
            }
            split-brain-resolver {
              stable-after = 1500ms
              down-all-when-unstable = off
            }
          }
        }
        """);

    /// <summary>Lets a system listen at a certain port.</summary>
    public static Config AtPort(int port) =>
        ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp.port = {port}");

    /// <summary>This process's node.</summary>
    protected Cluster Cluster => Cluster.Get(Sys);

    protected override int InitialParticipantsValueFactory => Roles.Count;

    protected Address AddressOf(RoleName role) => _addresses[role];

    /// <summary>These roles become one cluster; the first founds it, and the others are admitted in their order, so
    /// that their ages are known. All processes call this.</summary>
    protected void AwaitClusterUp(params RoleName[] roles)
    {
        for (int count = 1; count <= roles.Length; count++)
        {
            RoleName[] members = roles[..count];
            RunOn(() => Cluster.Join(AddressOf(roles[0])), roles[count - 1]);
            RunOn(() => AwaitMembersUp(members), members);
            EnterBarrier($"{count}-up");
        }
    }

    /// <summary>This node sees exactly these roles as members, all of them Up and reachable.</summary>
    protected void AwaitMembersUp(params RoleName[] roles) => AwaitMembersUp(Cluster, [.. roles.Select(AddressOf)]);

    protected void AwaitMembersUp(Cluster cluster, params Address[] addresses) => Eventually(() =>
    {
        ClusterEvent.CurrentClusterState state = cluster.State;
        Assert.Equal(
            addresses.Select(address => $"{address} Up").Order(),
            state.Members.Select(member => $"{member.Address} {member.Status}").Order());
        Assert.Empty(state.Unreachable);
    });

    /// <summary>This node has seen each of these roles unreachable since the start or the last cut. Not that it sees
    /// them so now: a resolver may be quicker than whoever looks.</summary>
    protected void AwaitUnreachable(params RoleName[] roles) =>
        Eventually(() => Assert.Empty(roles.Select(AddressOf).Except(_seenUnreachable.Keys)));

    /// <summary>This node is no member any more, and has ended its part of the cluster.</summary>
    protected void AwaitOutside() => Eventually(() => Assert.True(Cluster.IsTerminated));

    /// <summary>An assertion that comes true in time.</summary>
    protected void Eventually(Action assertion) => AwaitAssert(assertion, Patience, _often);

    /// <summary>Cuts, or mends, the network between two groups of nodes, in both directions. All processes call
    /// this.</summary>
    protected void Cut(RoleName[] these, RoleName[] those, bool mend = false)
    {
        _seenUnreachable.Clear();
        EnterBarrier("before");
        RunOn(
            () => Task.WaitAll([
                .. from one in these
                   from other in those
                   select mend
                       ? TestConductor.PassThrough(one, other, ThrottleTransportAdapter.Direction.Both)
                       : TestConductor.Blackhole(one, other, ThrottleTransportAdapter.Direction.Both),
            ]),
            Roles[0]);
        EnterBarrier(mend ? "mended" : "cut");
    }

    /// <summary>Sends text to the test actors of other roles.</summary>
    protected void Tell(string text, params RoleName[] roles)
    {
        foreach (RoleName role in roles) Sys.ActorSelection(Node(role) / "user" / "post").Tell(text, TestActor);
    }

    private sealed class Observer : ReceiveActor
    {
        public Observer(ConcurrentDictionary<Address, bool> seen) =>
            Receive<ClusterEvent.UnreachableMember>(news => seen[news.Member.Address] = true);
    }

    private sealed class Post : ReceiveActor
    {
        public Post(IActorRef to) => ReceiveAny(to.Forward);
    }
}

/// <summary>Three nodes, called after their order.</summary>
public class ThreeNodesConfig : MultiNodeConfig
{
    public ThreeNodesConfig()
        : this("")
    {
    }

    /// <param name="special">What is special about the spec.</param>
    protected ThreeNodesConfig(string special, bool testTransport = false)
    {
        First = Role("first");
        Second = Role("second");
        Third = Role("third");
        TestTransport = testTransport;
        CommonConfig = ConfigurationFactory.ParseString(special).WithFallback(MultiNodeClusterSpec.ClusterConfig);
    }

    public RoleName First { get; }

    public RoleName Second { get; }

    public RoleName Third { get; }
}
