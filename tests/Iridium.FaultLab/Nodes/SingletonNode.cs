using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace Iridium.FaultLab.Nodes;

/// <summary>
/// What a process of the laboratory's own does: it is a member of a plain cluster, with the laboratory's configuration,
/// which has one singleton; or it asks the singleton, every <see cref="Pause"/>; or both. (An Iridium node has no
/// singleton; applications of the engine have.) It says in lines what it sees and what its singleton does;
/// <see cref="SingletonProcess"/> reads them.
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

    private static readonly TextWriter _output =
        TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });

    /// <summary>Runs until it is told to end, or its starter has ended.</summary>
    public static async Task Run(string ip, string part)
    {
        // The engine's log goes where it does not meet this program's lines.
        Console.SetOut(Console.Error);
        Config config = ConfigurationFactory.ParseString($$"""
            akka {
              actor.provider = cluster
              stdout-loglevel = OFF
              coordinated-shutdown.exit-clr = off
              remote {
                secret = "{{LabConfiguration.Secret}}"
                dot-netty.tcp { hostname = "{{ip}}", port = {{LabNode.ClusterPort}} }
              }
              cluster.roles = [{{(part == Asks ? "" : Role)}}]
            }
            """).WithFallback(ConfigurationFactory.ParseString(LabConfiguration.Text));
        ActorSystem system = ActorSystem.Create("iridium", config);
        system.ActorOf(Props.Create(() => new Counter()));
        if (part != Asks)
        {
            system.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Singleton(ip)),
                ClusterSingletonManagerSettings.Create(system).WithRole(Role)), "single");
        }
        if (part != Holds)
        {
            IActorRef proxy = system.ActorOf(ClusterSingletonProxy.Props(
                "/user/single", ClusterSingletonProxySettings.Create(system).WithRole(Role)), "proxy");
            system.ActorOf(Props.Create(() => new Asker(proxy, ip)));
        }
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _ = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance);
        });
        new Thread(() =>
        {
            while (Console.In.Read() >= 0) continue;
            Environment.Exit(1);
        }) { IsBackground = true }.Start();
        await system.WhenTerminated;
    }

    private static void Say(SingletonEvent what, Incarnation who, Ask? ask = null) =>
        _output.WriteLine(new SingletonEntry(what, who, Stopwatch.GetTimestamp(), ask).ToString());

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
                _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Up} {up}"));
            });
            cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
                typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        }
    }

    /// <summary>Works all the time, and answers who asks.</summary>
    private sealed class Singleton : ReceiveActor
    {
        private readonly Incarnation _self;
        private readonly ICancelable _beats;

        public Singleton(string ip)
        {
            _self = new Incarnation(ip, Stopwatch.GetTimestamp());
            _beats = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
                TimeSpan.Zero, Pause, Self, Beat.Instance, Self);
            Receive<Beat>(_ => Say(SingletonEvent.Beats, _self));
            Receive<string>(text =>
            {
                var ask = Ask.Parse(text);
                Say(SingletonEvent.Takes, _self, ask);
                Sender.Tell($"{_self} {ask}");
            });
        }

        protected override void PreStart() => Say(SingletonEvent.Begins, _self);

        protected override void PostStop()
        {
            _beats.Cancel();
            Say(SingletonEvent.Ends, _self);
        }
    }

    private sealed class Asker : ReceiveActor
    {
        public Asker(IActorRef proxy, string ip)
        {
            Context.System.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, Pause, Self, Beat.Instance, Self);
            Receive<Beat>(_ => proxy.Tell(new Ask(ip, Stopwatch.GetTimestamp()).ToString()));
            Receive<string>(answer =>
            {
                string[] words = answer.Split(' ');
                Say(SingletonEvent.Answers,
                    Incarnation.Parse($"{words[0]} {words[1]}"), Ask.Parse($"{words[2]} {words[3]}"));
            });
        }
    }

    private sealed class Beat
    {
        public static readonly Beat Instance = new();
    }
}
