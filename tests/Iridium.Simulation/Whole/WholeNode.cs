using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Engine;
using Akka.Event;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Whole;

/// <summary>
/// A machine of the world with a whole actor system on it: dispatchers, remoting, codec, handshake, cluster, all as on
/// a real machine but for the host. It may live several lives, one after the other, on the same address.
/// </summary>
internal sealed class WholeNode(World world, Machine machine, Config config)
{
    public const int Port = 2552;

    private static readonly Config _common = ConfigurationFactory.ParseString(
        """
        akka {
          loggers = []
          loglevel = WARNING
          stdout-loglevel = OFF
          log-dead-letters = off
          actor.provider = cluster
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          cluster.split-brain-resolver.stable-after = 5s
          remote.fragment-size = 256 B
        }
        """);

    public Machine Machine { get; } = machine;

    /// <summary>What a life takes for the outside instead of its process's own host; for planted bugs.</summary>
    public Func<SimProcess, EngineHost> HostOf { get; init; } = process => process.Host;

    public Address Address { get; } = new("akka.tcp", "sim", machine.Host, Port);

    public ActorSystem? System { get; private set; }

    public Cluster? Cluster { get; private set; }

    /// <summary>Uids of the lives so far.</summary>
    public List<int> Lives { get; } = [];

    public bool Runs => Machine.Process is { Alive: true };

    public bool IsUp => Runs && Cluster!.SelfMember.Status == MemberStatus.Up;

    /// <summary>Starts a life that joins through these nodes; only who is told to be first may found a
    /// cluster.</summary>
    public void Start(params IEnumerable<Address> seeds)
    {
        SimProcess process = Machine.Start();
        Do(() =>
        {
            Config own = ConfigurationFactory.ParseString(
                $"akka.remote.dot-netty.tcp {{ hostname = \"{Machine.Host}\", port = {Port} }}");
            ActorSystemSetup setup = BootstrapSetup.Create()
                .WithConfig(own.WithFallback(config).WithFallback(_common))
                .And(new EngineSetup(HostOf(process)));
            System = ActorSystem.Create("sim", setup);
            System.EventStream.Subscribe(new TraceLogger(process), typeof(LogEvent));
            // A program whose system has ended has nothing left to do, and exits.
            System.WhenTerminated.ContinueWith(_ => process.Kill(0), TaskContinuationOptions.ExecuteSynchronously);
            Cluster = Cluster.Get(System);
            Lives.Add(Cluster.SelfUniqueAddress.Uid);
            Cluster.JoinSeedNodes(seeds);
        });
    }

    /// <summary>Runs code as this node's program.</summary>
    public void Do(Action code) => world.RunAs(Machine.Process, code);

    /// <summary>The members it knows, as `host status` in order, with a mark at those it cannot reach.</summary>
    public string View() => !Runs
        ? "not running"
        : string.Join(", ", Cluster!.State.Members.Select(member =>
            $"{member.Address.Host} {member.Status}{(Cluster.State.Unreachable.Contains(member) ? " unreachable" : "")}"));

    /// <summary>Whether exactly these are its members, all Up and all reachable.</summary>
    public bool Sees(IReadOnlyCollection<WholeNode> nodes)
    {
        ClusterEvent.CurrentClusterState state = Cluster!.State;
        return state.Members.Count == nodes.Count && state.Unreachable.Count == 0
            && nodes.All(node => state.Members.Any(member =>
                member.Status == MemberStatus.Up && member.UniqueAddress.Equals(node.Cluster!.SelfUniqueAddress)));
    }

    public override string ToString() => Machine.Host;

    /// <summary>Log lines go into the trace at once: a logger with a mailbox would make a history with a trace another
    /// one than that without.</summary>
    private sealed class TraceLogger(SimProcess process) : MinimalActorRef
    {
        private static readonly ActorPath _path = new RootActorPath(new Address("akka", "trace")) / "logger";

        public override ActorPath Path => _path;

        public override IActorRefProvider Provider =>
            throw new NotSupportedException("The trace belongs to no provider.");

        protected override void TellInternal(object message, IActorRef? sender)
        {
            if (process.World.Trace is not null) process.World.Note('L', process, $"{message}");
        }
    }
}
