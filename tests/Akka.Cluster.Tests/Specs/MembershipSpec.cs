using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Cluster.Tests.Specs;

/// <summary>Whole nodes in one process: joining, leaving, and what is heard of it.</summary>
public class MembershipSpec : IAsyncLifetime
{
    private readonly ClusterNodes _nodes = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [EmbeddedFact("Akka.NET forgets the callback when its guardian is stopped")]
    public async Task Who_asks_to_be_told_of_the_removal_while_the_cluster_ends_is_told()
    {
        Cluster node = _nodes.Start();
        var guardian = (IInternalActorRef)node.System.Provider.ResolveActorRef($"{node.SelfAddress}/system/cluster");
        var removed = new TaskCompletionSource();
        node.RegisterOnMemberUp(() =>
        {
            guardian.Stop();
            node.RegisterOnMemberRemoved(removed.SetResult);
        });

        node.Join(node.SelfAddress);

        await removed.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_node_that_joins_itself_is_a_cluster_of_one()
    {
        Cluster node = _nodes.Start("roles = [alone]");

        await node.JoinAsync(node.SelfAddress);

        Assert.True(node.IsUp);
        Assert.Equal(node.SelfAddress, node.State.Leader);
        Assert.Equal(node.SelfAddress, node.State.RoleLeader("alone"));
        Assert.Equal(node.SelfUniqueAddress, Assert.Single(node.State.Members).UniqueAddress);
    }

    [Fact]
    public async Task Who_awaits_the_join_and_then_blocks_does_not_hold_up_the_cluster()
    {
        Cluster node = _nodes.Start();
        using ManualResetEventSlim removed = new();

        await node.JoinAsync(node.SelfAddress);
        node.RegisterOnMemberRemoved(removed.Set);
        node.Leave(node.SelfAddress);

        Assert.True(removed.Wait(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Two_nodes_become_one_cluster()
    {
        Cluster[] nodes = await _nodes.Form(2);

        Assert.Equal(nodes[0].State.Leader, nodes[1].State.Leader);
        Assert.Contains(nodes[0].State.Members, member => member.UniqueAddress == nodes[1].SelfUniqueAddress);
    }

    [Fact]
    public async Task Seed_nodes_find_each_other_in_any_order()
    {
        Cluster first = _nodes.Start();
        Cluster second = _nodes.Start();
        Cluster third = _nodes.Start();
        Address[] seeds = [first.SelfAddress, second.SelfAddress, third.SelfAddress];

        third.JoinSeedNodes(seeds);
        second.JoinSeedNodes(seeds);
        first.JoinSeedNodes(seeds);

        await ClusterNodes.AllSee([first, second, third], 3);
    }

    [Fact]
    public async Task Roles_are_known_everywhere_and_have_a_leader_each()
    {
        Cluster front = _nodes.Start("roles = [front]");
        Cluster back = _nodes.Start("roles = [back, alias-node2]");
        await front.JoinAsync(front.SelfAddress);
        await back.JoinAsync(front.SelfAddress);
        await ClusterNodes.AllSee([front, back], 2);

        Assert.Equal(back.SelfAddress, front.State.RoleLeader("back"));
        Assert.Equal(["alias-node2", "back"], front.State.Members
            .Single(member => member.Address == back.SelfAddress).Roles.Order());
        Assert.Equal(["alias-node2", "back", "front"], back.State.AllRoles.Order());
    }

    [Fact]
    public async Task Who_leaves_is_seen_to_leave_exit_and_be_removed_and_its_system_ends()
    {
        Cluster[] nodes = await _nodes.Form(3);
        var heard = new BlockingCollection<string>();
        Subscribe(nodes[0], heard, typeof(ClusterEvent.IMemberEvent));

        await nodes[2].LeaveAsync();

        await nodes[2].System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(20));
        await ClusterNodes.AllSee(nodes[..2], 2);
        Assert.Equal(
            ["MemberLeft", "MemberExited", "MemberRemoved"],
            UntilRemoved(heard, nodes[2].SelfAddress));
        Assert.True(nodes[2].IsTerminated);
    }

    [Fact]
    public async Task The_end_of_a_system_is_a_graceful_leave()
    {
        Cluster[] nodes = await _nodes.Form(2);
        var heard = new BlockingCollection<string>();
        Subscribe(nodes[0], heard, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.UnreachableMember));

        await nodes[1].System.Terminate();

        await ClusterNodes.AllSee(nodes[..1], 1);
        Assert.Equal(["MemberLeft", "MemberExited", "MemberRemoved"], UntilRemoved(heard, nodes[1].SelfAddress));
    }

    [Fact]
    public async Task Nobody_is_up_before_enough_are_there()
    {
        Cluster first = _nodes.Start("min-nr-of-members = 2");
        Cluster second = _nodes.Start("min-nr-of-members = 2");
        first.Join(first.SelfAddress);
        await ClusterNodes.Until(first, state => state.Members.Count == 1);
        Assert.Equal(MemberStatus.Joining, first.State.Members[0].Status);

        await second.JoinAsync(first.SelfAddress);

        await ClusterNodes.AllSee([first, second], 2);
    }

    [Fact]
    public async Task Callbacks_run_when_the_node_is_up_and_when_it_is_removed()
    {
        Cluster node = _nodes.Start();
        var up = new TaskCompletionSource();
        var removed = new TaskCompletionSource();
        node.RegisterOnMemberUp(() => up.TrySetResult());
        node.RegisterOnMemberRemoved(() => removed.TrySetResult());

        node.Join(node.SelfAddress);
        await up.Task.WaitAsync(TimeSpan.FromSeconds(10));
        node.Leave(node.SelfAddress);
        await removed.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_subscriber_can_hear_the_present_state_as_events()
    {
        Cluster node = _nodes.Start();
        await node.JoinAsync(node.SelfAddress);
        var heard = new BlockingCollection<string>();
        var first = new TaskCompletionSource();

        node.System.ActorOf(Props.Create(() => new Listener(
            heard,
            first,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent))));

        await first.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.StartsWith("MemberUp", Assert.Single(heard));
    }

    [Fact]
    public void Only_events_of_the_cluster_can_be_subscribed_to()
    {
        Cluster node = _nodes.Start();

        Assert.Throws<ArgumentException>(() => node.Subscribe(node.System.DeadLetters, typeof(string)));
    }

    /// <summary>The names of what was heard of one member, in order, up to its removal.</summary>
    private static List<string> UntilRemoved(BlockingCollection<string> heard, Address member)
    {
        var names = new List<string>();
        while (names.LastOrDefault() != "MemberRemoved" && heard.TryTake(out string? text, TimeSpan.FromSeconds(20)))
        {
            if (text.EndsWith($" {member}")) names.Add(text.Split(' ')[0]);
        }

        return names;
    }

    private static void Subscribe(Cluster node, BlockingCollection<string> heard, params Type[] to)
    {
        var ready = new TaskCompletionSource();
        node.System.ActorOf(Props.Create(() => new Listener(
            heard, ready, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, to)));
        ready.Task.Wait(TimeSpan.FromSeconds(10));
    }

    /// <summary>Notes what it hears as <c>type port</c>.</summary>
    private sealed class Listener : ReceiveActor
    {
        public Listener(
            BlockingCollection<string> heard,
            TaskCompletionSource first,
            ClusterEvent.SubscriptionInitialStateMode mode,
            params Type[] to)
        {
            Receive<ClusterEvent.CurrentClusterState>(_ => first.TrySetResult());
            Receive<ClusterEvent.IMemberEvent>(news => Note(news.GetType().Name, news.Member));
            Receive<ClusterEvent.ReachabilityEvent>(news => Note(news.GetType().Name, news.Member));
            Cluster.Get(Context.System).Subscribe(Self, mode, to);

            void Note(string name, Member member)
            {
                heard.Add($"{name} {member.Address}");
                first.TrySetResult();
            }
        }
    }
}
