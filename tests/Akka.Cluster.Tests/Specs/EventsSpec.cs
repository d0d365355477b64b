using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tests.Specs;

/// <summary>What subscribers hear, in which order, and when they hear no more.</summary>
public class EventsSpec : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClusterNodes _nodes = new();
    private readonly ActorSystem _audience = ActorSystem.Create("audience");
    private readonly BlockingCollection<object> _heard = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _nodes.DisposeAsync();
        await _audience.Terminate();
    }

    [EmbeddedFact("Akka.NET does not tell that the first member was joining before it was up")]
    public async Task The_first_message_is_the_state_and_then_comes_what_happens()
    {
        Cluster node = _nodes.Start("roles = [front]");
        Subscribe(node, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.LeaderChanged), typeof(ClusterEvent.RoleLeaderChanged));
        Assert.Empty(Next<ClusterEvent.CurrentClusterState>().Members);

        await node.JoinAsync(node.SelfAddress);

        Assert.Equal(node.SelfUniqueAddress, Next<ClusterEvent.MemberJoined>().Member.UniqueAddress);
        Assert.Equal(node.SelfAddress, Next<ClusterEvent.LeaderChanged>().Leader);
        ClusterEvent.RoleLeaderChanged role = Next<ClusterEvent.RoleLeaderChanged>();
        Assert.Equal(("front", node.SelfAddress), (role.Role, role.Leader));
        Assert.Equal(MemberStatus.Up, Next<ClusterEvent.MemberUp>().Member.Status);
    }

    [Fact]
    public async Task Who_asks_for_the_state_as_events_hears_only_the_events_it_subscribed_to()
    {
        Cluster[] nodes = await _nodes.Form(2);

        Subscribe(nodes[1], ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));

        Address[] up = [Next<ClusterEvent.MemberUp>().Member.Address, Next<ClusterEvent.MemberUp>().Member.Address];
        Assert.Equal(nodes.Select(node => node.SelfAddress).ToHashSet(), up.ToHashSet());
    }

    [EmbeddedFact("Akka.NET does not tell that the first member was joining before it was up")]
    public async Task Two_subscriptions_add_up_and_one_can_be_ended_alone()
    {
        Cluster node = _nodes.Start();
        IActorRef subscriber = Subscribe(node, ClusterEvent.InitialStateAsSnapshot,
            typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.LeaderChanged));
        Next<ClusterEvent.CurrentClusterState>();
        node.Subscribe(subscriber, typeof(ClusterEvent.MemberJoined));
        Next<ClusterEvent.CurrentClusterState>();
        node.Unsubscribe(subscriber, typeof(ClusterEvent.LeaderChanged));

        await node.JoinAsync(node.SelfAddress);

        Next<ClusterEvent.MemberJoined>();
        Next<ClusterEvent.MemberUp>();
    }

    [Fact]
    public async Task Who_has_unsubscribed_hears_nothing_more_and_may_still_ask()
    {
        Cluster node = _nodes.Start();
        IActorRef subscriber = Subscribe(
            node, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IClusterDomainEvent));
        Next<ClusterEvent.CurrentClusterState>();
        node.Unsubscribe(subscriber);

        await node.JoinAsync(node.SelfAddress);
        node.SendCurrentClusterState(subscriber);

        Assert.Equal(node.SelfAddress, Next<ClusterEvent.CurrentClusterState>().Leader);
    }

    [EmbeddedFact("the last state of an Akka.NET node still has its members")]
    public async Task At_its_end_a_node_takes_leave_of_all_members_and_of_their_leader()
    {
        Cluster[] nodes = await _nodes.Form(2);
        Cluster node = nodes[1];
        Subscribe(node, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.MemberRemoved),
            typeof(ClusterEvent.ClusterShuttingDown), typeof(ClusterEvent.LeaderChanged));
        Next<ClusterEvent.CurrentClusterState>();

        await node.LeaveAsync();

        while (_heard.TryTake(out object? news, Patience) && news is not ClusterEvent.ClusterShuttingDown)
            Assert.IsType<ClusterEvent.LeaderChanged>(news);
        ClusterEvent.MemberRemoved self = Next<ClusterEvent.MemberRemoved>();
        ClusterEvent.MemberRemoved other = Next<ClusterEvent.MemberRemoved>();
        Assert.Equal((node.SelfUniqueAddress, MemberStatus.Exiting), (self.Member.UniqueAddress, self.PreviousStatus));
        Assert.Equal((nodes[0].SelfUniqueAddress, MemberStatus.Up), (other.Member.UniqueAddress, other.PreviousStatus));
        Assert.Null(Next<ClusterEvent.LeaderChanged>().Leader);
        Assert.True(node.IsTerminated);
        Assert.Empty(node.State.Members);
        Assert.Equal(MemberStatus.Removed, node.SelfMember.Status);
    }

    [EmbeddedFact("Akka.NET does not tell that the first member was joining before it was up")]
    public async Task The_system_s_event_stream_carries_the_events_too()
    {
        Cluster node = _nodes.Start();
        IActorRef listener = _audience.ActorOf(Props.Create(() => new Listener(_heard.Add)));
        node.System.EventStream.Subscribe(listener, typeof(ClusterEvent.IMemberEvent));

        await node.JoinAsync(node.SelfAddress);

        Next<ClusterEvent.MemberJoined>();
        Next<ClusterEvent.MemberUp>();
    }

    [EmbeddedFact("Akka.NET does not tell that the first member was joining before it was up")]
    public async Task Who_listens_at_the_event_stream_and_has_subscribed_hears_of_each_event_once()
    {
        Cluster node = _nodes.Start();
        IActorRef listener = Subscribe(node, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.MemberUp));
        Next<ClusterEvent.CurrentClusterState>();
        node.System.EventStream.Subscribe(listener, typeof(ClusterEvent.IMemberEvent));

        await node.JoinAsync(node.SelfAddress);
        node.Leave(node.SelfAddress);

        Next<ClusterEvent.MemberJoined>();
        Next<ClusterEvent.MemberUp>();
        Next<ClusterEvent.MemberLeft>();
    }

    [EmbeddedFact("Akka.NET compares the members only")]
    public async Task Events_of_different_kinds_are_not_equal()
    {
        Cluster node = _nodes.Start();
        await node.JoinAsync(node.SelfAddress);
        Member up = node.SelfMember, left = up.Copy(MemberStatus.Leaving);

        Assert.NotEqual<object>(new ClusterEvent.MemberUp(up), new ClusterEvent.MemberLeft(left));
        Assert.NotEqual<object>(new ClusterEvent.UnreachableMember(up), new ClusterEvent.ReachableMember(up));
    }

    [Fact]
    public async Task Events_of_the_same_member_are_equal_when_they_say_the_same()
    {
        Cluster node = _nodes.Start();
        await node.JoinAsync(node.SelfAddress);
        Member up = node.SelfMember, left = up.Copy(MemberStatus.Leaving);

        Assert.Equal(new ClusterEvent.MemberUp(up), new ClusterEvent.MemberUp(up));
        Assert.Equal(new ClusterEvent.UnreachableMember(up), new ClusterEvent.UnreachableMember(up));
        Assert.Throws<ArgumentException>(() => new ClusterEvent.MemberUp(left));
        Assert.Throws<InvalidOperationException>(() => left.Copy(MemberStatus.Joining));
        Assert.Throws<ArgumentException>(() => node.Subscribe(node.System.DeadLetters));
    }

    [Fact]
    public async Task A_state_can_be_copied_with_changes_and_knows_of_several_app_versions()
    {
        Cluster first = _nodes.Start("app-version = 1.2.3");
        Cluster second = _nodes.Start("app-version = 1.3.0");
        await first.JoinAsync(first.SelfAddress);
        Assert.False(first.State.HasMoreThanOneAppVersion);
        await second.JoinAsync(first.SelfAddress);
        await ClusterNodes.AllSee([first, second], 2);

        ClusterEvent.CurrentClusterState state = first.State;
        Assert.True(state.HasMoreThanOneAppVersion);
        Assert.Equal("1.3.0", state.Members.Single(m => m.Address == second.SelfAddress).AppVersion.Version);
        ClusterEvent.CurrentClusterState copy = state.Copy(unreachable: ImmutableHashSet.Create(second.SelfMember));
        Assert.Equal(state.Members, copy.Members);
        Assert.Equal(state.Leader, copy.Leader);
        Assert.Single(copy.Unreachable);
    }

    private T Next<T>() => Assert.IsType<T>(
        _heard.TryTake(out object? message, Patience) ? message : "nothing within the time");

    private IActorRef Subscribe(Cluster node, ClusterEvent.SubscriptionInitialStateMode mode, params Type[] to)
    {
        // In a system of its own: that of a node that leaves ends.
        IActorRef listener = _audience.ActorOf(Props.Create(() => new Listener(_heard.Add)));
        node.Subscribe(listener, mode, to);
        return listener;
    }

    private sealed class Listener(Action<object> hear) : UntypedActor
    {
        protected override void OnReceive(object message) => hear(message);
    }
}
