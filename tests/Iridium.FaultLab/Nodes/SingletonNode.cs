using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Coordination;

namespace Iridium.FaultLab.Nodes;

/// <summary>
/// A <see cref="PlainNode"/> of a cluster which has one singleton; or it asks the singleton, every
/// <see cref="Pause"/>; or both. (An Iridium node has no singleton; applications of the engine have.) It says what it sees
/// and what its singleton does; <see cref="SingletonProcess"/> reads that.
/// </summary>
internal static class SingletonNode
{
    /// <summary>How <c>faultlab</c> is told to be one.</summary>
    public const string Verb = "--singleton-node";

    public const string Asks = "asks";
    public const string Holds = "holds";
    public const string HoldsAndAsks = "holds-and-asks";

    /// <summary>Begins the line that says how many members are up; the other lines are
    /// <see cref="SingletonEntry"/>s.</summary>
    public const string Up = "up";

    /// <summary>Between two questions, and between two beats of the singleton.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private const string Role = "holder";

    /// <summary>Runs until it is told to end, or its starter has ended.</summary>
    /// <param name="ip">Where it listens.</param>
    /// <param name="part"><see cref="Asks"/>, <see cref="Holds"/>, or both.</param>
    /// <param name="leases">The folder of the lease that the singleton uses; null is none.</param>
    public static async Task Run(string ip, string part, string? leases)
    {
        ActorSystem system = PlainNode.Start(ip, $"""
            akka.cluster.roles = [{(part == Asks ? "" : Role)}]
            {(leases is null ? "" : LabConfiguration.LeasedSingleton(leases))}
            """);
        system.ActorOf(Props.Create(() => new Counter()));
        if (part != Asks)
        {
            var settings = ClusterSingletonManagerSettings.Create(system).WithRole(Role);
            system.ActorOf(ClusterSingletonManager.Props(
                Props.Create(() => new Singleton(ip, settings.LeaseSettings)), settings), "single");
        }
        if (part != Holds)
        {
            IActorRef proxy = system.ActorOf(ClusterSingletonProxy.Props(
                "/user/single", ClusterSingletonProxySettings.Create(system).WithRole(Role)), "proxy");
            system.ActorOf(Props.Create(() => new Asker(proxy, ip)));
        }
        await PlainNode.Run(system);
    }

    private static void Say(SingletonEvent what, Incarnation who, Ask? ask = null) =>
        PlainNode.Say(new SingletonEntry(what, who, Stopwatch.GetTimestamp(), ask).ToString());

    /// <summary>Says how many members are up, whenever that or whether all are reachable changes.</summary>
    private sealed class Counter : ReceiveActor
    {
        private int _said;

        public Counter()
        {
            var cluster = Cluster.Get(Context.System);
            Receive<ClusterEvent.IClusterDomainEvent>(_ =>
            {
                int up = cluster.State.Unreachable.Count > 0
                    ? -1
                    : cluster.State.Members.Count(member => member.Status == MemberStatus.Up);
                if (up == _said) return;
                _said = up;
                PlainNode.Say(string.Create(CultureInfo.InvariantCulture, $"{Up} {up}"));
            });
            cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
                typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        }
    }

    /// <summary>Works all the time, and answers who asks. With a lease it does neither when that has run out, whatever
    /// waits in its mailbox.</summary>
    private sealed class Singleton : ReceiveActor
    {
        private readonly Incarnation _self;
        private readonly ICancelable _beats;
        private readonly Lease? _lease;

        public Singleton(string ip, LeaseUsageSettings? lease)
        {
            _self = new Incarnation(ip, Stopwatch.GetTimestamp());
            if (lease is not null) _lease = LeaseOfManager(lease);
            _beats = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
                TimeSpan.Zero, Pause, Self, Beat.Instance, Self);
            Receive<Beat>(_ => Does(SingletonEvent.Beats));
            Receive<string>(text =>
            {
                var ask = Ask.Parse(text);
                if (Does(SingletonEvent.Takes, ask)) Sender.Tell($"{_self} {ask}");
            });
        }

        protected override void PreStart() => Say(SingletonEvent.Begins, _self);

        protected override void PostStop()
        {
            _beats.Cancel();
            Say(SingletonEvent.Ends, _self);
        }

        private bool Does(SingletonEvent what, Ask? ask = null)
        {
            bool may = _lease?.CheckLease() != false;
            // The time that is said is that of the deed, and not of the question before it.
            Say(may ? what : SingletonEvent.Refuses, _self, ask);
            return may;
        }

        // The same object that its manager has.
        private static Lease LeaseOfManager(LeaseUsageSettings lease) => LeaseProvider.Get(Context.System).GetLease(
            $"{Context.System.Name}-singleton-{Context.Parent.Path}", lease.LeaseImplementation,
            Cluster.Get(Context.System).SelfAddress.HostPort());
    }

    private sealed class Asker : ReceiveActor
    {
        private readonly ICancelable _beats;

        public Asker(IActorRef proxy, string ip)
        {
            _beats = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
                TimeSpan.Zero, Pause, Self, Beat.Instance, Self);
            Receive<Beat>(_ => proxy.Tell(new Ask(ip, Stopwatch.GetTimestamp()).ToString()));
            Receive<string>(answer =>
            {
                string[] words = answer.Split(' ');
                Say(SingletonEvent.Answers,
                    Incarnation.Parse($"{words[0]} {words[1]}"), Ask.Parse($"{words[2]} {words[3]}"));
            });
        }

        protected override void PostStop() => _beats.Cancel();
    }

    private sealed class Beat
    {
        public static readonly Beat Instance = new();
    }
}
