using System.Globalization;
using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace Iridium.FaultLab.Nodes;

/// <summary>
/// What a process of the laboratory's own does: it is a member of a plain cluster, with the laboratory's configuration,
/// which has one singleton; or it asks the singleton, every <see cref="Pause"/>. (An Iridium node has no singleton;
/// applications of the engine have.) It says in lines what it sees; <see cref="SingletonProcess"/> reads them.
/// </summary>
internal static class SingletonNode
{
    /// <summary>How <c>faultlab</c> is told to be one.</summary>
    public const string Verb = "--singleton-node";

    public const string Asks = "asks";
    public const string Holds = "holds";

    /// <summary>Between two questions.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private const string Role = "holder";

    /// <summary>Runs until it is told to end, or its starter has ended.</summary>
    public static async Task Run(string ip, string part)
    {
        Config config = ConfigurationFactory.ParseString($$"""
            akka {
              actor.provider = cluster
              stdout-loglevel = OFF
              loglevel = OFF
              coordinated-shutdown.exit-clr = off
              remote {
                secret = "{{LabConfiguration.Secret}}"
                dot-netty.tcp { hostname = "{{ip}}", port = {{LabNode.ClusterPort}} }
              }
              cluster.roles = [{{(part == Holds ? Role : "")}}]
            }
            """).WithFallback(ConfigurationFactory.ParseString(LabConfiguration.Text));
        ActorSystem system = ActorSystem.Create("iridium", config);
        system.ActorOf(Props.Create(() => new Counter()));
        if (part == Holds)
        {
            system.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Singleton(ip)),
                ClusterSingletonManagerSettings.Create(system).WithRole(Role)), "single");
        }
        else
        {
            IActorRef proxy = system.ActorOf(ClusterSingletonProxy.Props(
                "/user/single", ClusterSingletonProxySettings.Create(system).WithRole(Role)), "proxy");
            system.ActorOf(Props.Create(() => new Asker(proxy)));
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

    private static void Say(string what, string detail) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {detail}"));

    /// <summary>Says how many members are up and reachable, whenever that changes.</summary>
    private sealed class Counter : ReceiveActor
    {
        private int _said = -1;

        public Counter()
        {
            var cluster = Cluster.Get(Context.System);
            Receive<ClusterEvent.IClusterDomainEvent>(_ =>
            {
                int up = cluster.State.Members.Count(member => member.Status == MemberStatus.Up);
                if (up == _said || cluster.State.Unreachable.Count > 0) return;
                _said = up;
                Say("up", $"{up}");
            });
            cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
                typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        }
    }

    private sealed class Singleton : ReceiveActor
    {
        public Singleton(string ip) => Receive<string>(_ => Sender.Tell(ip));
    }

    private sealed class Asker : ReceiveActor
    {
        public Asker(IActorRef proxy)
        {
            Context.System.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, Pause, proxy, "where?", Self);
            Receive<string>(ip => Say("answer", ip));
        }
    }
}
