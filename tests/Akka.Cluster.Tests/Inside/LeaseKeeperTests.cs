using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Daemon;
using Akka.Cluster.Membership;
using Akka.Cluster.Tests.Specs;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Cluster.Tests.Inside;

/// <summary>What the rules hear of a lease that takes its time.</summary>
public sealed class LeaseKeeperTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClusterNodes _nodes = new();
    private readonly BlockingCollection<LeaseAnswered> _heard = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lease_that_is_granted_after_the_time_for_it_is_told_of_a_refusal_is_not(bool grants)
    {
        Cluster node = _nodes.Start();
        IActorRef daemon = node.System.ActorOf(Props.Create(() => new Daemon(_heard)));
        var lease = new Late();
        var keeper = new LeaseKeeper(lease, node, daemon);
        keeper.Acquire(7);
        LeaseAnswered inTime = Next();
        Assert.Equal((7, false), (inTime.Question, inTime.Granted));
        Assert.IsType<LeaseTimeoutException>(inTime.Cause);

        lease.Asked.SetResult(grants);
        lease.Asked = new();
        lease.Asked.SetResult(false);
        keeper.Acquire(8);

        LeaseAnswered late = Next();
        Assert.Equal(grants ? (7, true) : (8, false), (late.Question, late.Granted));
    }

    private LeaseAnswered Next()
    {
        Assert.True(_heard.TryTake(out LeaseAnswered? answer, Patience), "nothing within the time");
        return answer;
    }

    private sealed class Daemon(BlockingCollection<LeaseAnswered> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.Add((LeaseAnswered)message);
    }

    private sealed class Late() : Lease(new LeaseSettings("late", "me", new TimeoutSettings(
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9), TimeSpan.FromMilliseconds(50)), Config.Empty))
    {
        public TaskCompletionSource<bool> Asked { get; set; } = new();

        public override Task<bool> Acquire() => Asked.Task;

        public override Task<bool> Acquire(Action<Exception?> leaseLostCallback) => Asked.Task;

        public override Task<bool> Release() => Task.FromResult(true);

        public override bool CheckLease() => false;
    }
}
