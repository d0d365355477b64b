using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tests.Specs;

/// <summary>How nodes get in, and what happens when they do not.</summary>
public class JoiningSpec : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClusterNodes _nodes = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task Seed_nodes_can_stand_in_the_configuration()
    {
        Cluster first = _nodes.Start();
        await first.JoinSeedNodesAsync([first.SelfAddress]).WaitAsync(Patience);

        Cluster second = _nodes.Start($"seed-nodes = [\"{first.SelfAddress}\"]");

        await ClusterNodes.AllSee([first, second], 2);
        Assert.Equal([first.SelfAddress], second.Settings.SeedNodes);
    }

    [Fact]
    public async Task The_first_seed_that_comes_back_joins_the_others_and_founds_nothing()
    {
        Cluster first = _nodes.Start(withoutGoodbye: true);
        Cluster second = _nodes.Start();
        int port = first.SelfAddress.Port!.Value;
        Address[] seeds = [first.SelfAddress, second.SelfAddress];
        string inConfiguration = $"seed-nodes = [{string.Join(", ", seeds.Select(seed => $"\"{seed}\""))}]";
        first.JoinSeedNodes(seeds);
        second.JoinSeedNodes(seeds);
        await ClusterNodes.AllSee([first, second], 2);

        await ClusterNodes.Crash(first);
        Cluster again = _nodes.Start(inConfiguration, port);

        await ClusterNodes.AllSee([again, second], 2);
        Assert.Contains(second.State.Members, member => member.UniqueAddress == again.SelfUniqueAddress);
        Assert.DoesNotContain(second.State.Members, member => member.UniqueAddress == first.SelfUniqueAddress);
    }

    [EmbeddedFact("whoever awaits the join is not told by Akka.NET")]
    public async Task Who_finds_no_seed_gives_up_and_ends_if_it_is_told_to()
    {
        Cluster gone = _nodes.Start(withoutGoodbye: true);
        Address nobody = gone.SelfAddress;
        await ClusterNodes.Crash(gone);
        Cluster node = _nodes.Start("shutdown-after-unsuccessful-join-seed-nodes = 500ms");

        Task joining = node.JoinSeedNodesAsync([nobody]);

        await Assert.ThrowsAsync<ClusterJoinFailedException>(() => joining.WaitAsync(Patience));
        await node.System.WhenTerminated.WaitAsync(Patience);
        Assert.True(node.IsTerminated);
    }

    [EmbeddedFact("it is a ClusterJoinFailedException in Akka.NET")]
    public async Task Waiting_for_a_join_can_be_given_up()
    {
        Cluster node = _nodes.Start("min-nr-of-members = 2");
        using var patience = new CancellationTokenSource();
        Task joining = node.JoinAsync(node.SelfAddress, patience.Token);
        await ClusterNodes.Until(node, state => state.Members.Count == 1);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining.WaitAsync(Patience));
        Assert.Equal(MemberStatus.Joining, node.SelfMember.Status);
        Assert.False(node.IsUp);
    }

    [Fact]
    public async Task Nobody_is_up_before_enough_with_a_role_are_there()
    {
        const string config = "roles = [db], role { db.min-nr-of-members = 2 }";
        Cluster first = _nodes.Start(config);
        Cluster other = _nodes.Start("role { db.min-nr-of-members = 2 }");
        first.Join(first.SelfAddress);
        other.Join(first.SelfAddress);
        await ClusterNodes.Until(first, state => state.Members.Count == 2 && state.SeenBy.Count == 2);
        Assert.All(first.State.Members, member => Assert.Equal(MemberStatus.Joining, member.Status));

        Cluster second = _nodes.Start(config);
        await second.JoinAsync(first.SelfAddress).WaitAsync(Patience);

        await ClusterNodes.AllSee([first, other, second], 3);
        Assert.Equal(2, first.Settings.MinNrOfMembersOfRole["db"]);
    }

    [Theory]
    [InlineData("db")]
    [InlineData("my.role")]
    [InlineData("my role")]
    public void The_least_number_of_a_role_is_read_whatever_its_name(string role)
    {
        Cluster node = _nodes.Start($"role {{ \"{role}\" {{ min-nr-of-members = 2 }} }}");

        Assert.Equal([KeyValuePair.Create(role, 2)], node.Settings.MinNrOfMembersOfRole);
    }

    [EmbeddedFact("Akka.NET waits for a removal that does not come")]
    public async Task Who_never_joined_has_left_already_and_may_still_join()
    {
        Cluster node = _nodes.Start();

        await node.LeaveAsync().WaitAsync(Patience);

        Assert.False(node.IsTerminated);
        await node.JoinAsync(node.SelfAddress).WaitAsync(Patience);
    }

    [Fact]
    public async Task Callbacks_that_come_late_run_at_once()
    {
        Cluster node = _nodes.Start();
        await node.JoinAsync(node.SelfAddress).WaitAsync(Patience);
        var up = new TaskCompletionSource();
        node.RegisterOnMemberUp(() => up.TrySetResult());
        await up.Task.WaitAsync(Patience);
        await node.LeaveAsync().WaitAsync(Patience);
        await node.System.WhenTerminated.WaitAsync(Patience);

        var removed = new TaskCompletionSource();
        node.RegisterOnMemberRemoved(() => removed.TrySetResult());

        await removed.Task.WaitAsync(Patience);
        await node.LeaveAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Any_member_can_let_any_other_go()
    {
        Cluster[] nodes = await _nodes.Form(3);

        nodes[0].Leave(nodes[1].SelfAddress);

        await nodes[1].System.WhenTerminated.WaitAsync(Patience);
        await ClusterNodes.AllSee([nodes[0], nodes[2]], 2);
    }

    [EmbeddedFact("Akka.NET says that it could not make its ClusterSettings")]
    public void A_node_of_no_cluster_is_told_what_to_configure()
    {
        using ActorSystem plain = ActorSystem.Create("plain");

        var error = Assert.Throws<ConfigurationException>(() => Cluster.Get(plain));

        Assert.Contains("akka.actor.provider", error.Message);
    }

    [Fact]
    public void Remote_paths_of_local_actors_bear_the_node_s_address()
    {
        Cluster node = _nodes.Start();

        Assert.Equal($"{node.SelfAddress}/user", node.RemotePathOf(
            ((ExtendedActorSystem)node.System).Guardian).ToString());
    }
}
