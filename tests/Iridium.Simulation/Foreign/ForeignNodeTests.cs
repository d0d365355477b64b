using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;

namespace Iridium.Simulation.Foreign;

/// <summary>A node that shares no code with the engine meets a real one over real sockets, and is treated like any
/// other.</summary>
public sealed class ForeignNodeTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system = ActorSystem.Create("foreign", ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster.split-brain-resolver.stable-after = 1s
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """));

    private readonly IActorRef _events;
    private readonly MemberLog _log = new();

    public ForeignNodeTests()
    {
        _events = _system.ActorOf(Props.Create(() => new Listener(_log)));
        Cluster.Subscribe(
            _events, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.UnreachableMember));
    }

    private Cluster Cluster => Cluster.Get(_system);

    private Place Real => new(_system.Name, Cluster.SelfAddress.Host!, Cluster.SelfAddress.Port!.Value);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task It_is_welcomed_gossiped_with_seen_up_and_removed_after_it_dies()
    {
        Cluster.Join(Cluster.SelfAddress);
        await _log.Until($"{Cluster.SelfAddress} Up", Limit);
        using var stranger = new ForeignNode(_system.Name, uid: 77_001);
        await stranger.Dial(Real, Limit);

        stranger.Act(mind => mind.InitJoin(Real));
        await stranger.Until(() => stranger.Mind.InitJoinAcksHeard == 1, Limit);
        stranger.Act(mind => mind.Join(Real, "stranger"));
        await stranger.Until(() => stranger.Mind.StatusOf(stranger.Mind.Self.Place) == MemberStatus.Up, Limit);
        string address = $"akka.tcp://{_system.Name}@localhost:{stranger.Mind.Self.Place.Port}";
        await _log.Until($"{address} Up", Limit);
        Assert.Contains("stranger", Cluster.State.Members.Single(member => member.Address.Host == "localhost").Roles);

        int before = stranger.Mind.HeartbeatResponsesHeard;
        stranger.Act(mind => mind.Beat(Real));
        await stranger.Until(
            () => stranger.Mind.HeartbeatsAnswered > 0 && stranger.Mind.HeartbeatResponsesHeard > before, Limit);
        Assert.Empty(stranger.Mind.Complaints);

        stranger.Dispose();
        await _log.Until($"{address} unreachable", Limit);
        await _log.Until($"{address} Removed", Limit);
        Assert.Single(Cluster.State.Members);
    }

    [Fact]
    public async Task A_node_that_is_in_no_cluster_says_so()
    {
        using var stranger = new ForeignNode(_system.Name, uid: 77_002);
        await stranger.Dial(Real, Limit);
        stranger.Act(mind => mind.InitJoin(Real));
        await stranger.Until(() => stranger.Mind.InitJoinNacksHeard == 1, Limit);
    }

    [Fact]
    public async Task It_can_leave()
    {
        Cluster.Join(Cluster.SelfAddress);
        await _log.Until($"{Cluster.SelfAddress} Up", Limit);
        using var stranger = new ForeignNode(_system.Name, uid: 77_003);
        await stranger.Dial(Real, Limit);
        stranger.Act(mind => mind.Join(Real));
        await stranger.Until(() => stranger.Mind.StatusOf(stranger.Mind.Self.Place) == MemberStatus.Up, Limit);
        stranger.Act(mind => mind.Leave(Real));
        await stranger.Until(() => stranger.Mind.StatusOf(stranger.Mind.Self.Place) == MemberStatus.Exiting, Limit);
    }

    /// <summary>What the cluster said of its members, for a test to wait on.</summary>
    private sealed class MemberLog
    {
        private readonly object _lock = new();
        private readonly List<string> _lines = [];
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(string line)
        {
            TaskCompletionSource more;
            lock (_lock)
            {
                _lines.Add(line);
                more = _more;
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            more.SetResult();
        }

        public async Task Until(string line, TimeSpan limit)
        {
            using var clock = new CancellationTokenSource(limit);
            while (true)
            {
                Task more;
                lock (_lock)
                {
                    if (_lines.Contains(line)) return;
                    more = _more.Task;
                }
                try
                {
                    await more.WaitAsync(clock.Token);
                }
                catch (OperationCanceledException)
                {
                    lock (_lock) Assert.Fail($"Not within {limit}: {line}. There was: {string.Join("; ", _lines)}");
                }
            }
        }
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(MemberLog log)
        {
            Receive<ClusterEvent.IMemberEvent>(happened => log.Add($"{happened.Member.Address} {happened.Member.Status}"));
            Receive<ClusterEvent.UnreachableMember>(lost => log.Add($"{lost.Member.Address} unreachable"));
        }
    }
}
