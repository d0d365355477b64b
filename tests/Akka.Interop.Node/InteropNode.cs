using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Remote;

namespace Akka.Interop.Node;

/// <summary>A node of a cluster that does what it is told and says what it sees. It is written against the public API, so
/// that the same source is a node of either engine.</summary>
public sealed class InteropNode : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _system;
    private readonly Action<string[]> _say;
    private readonly IActorRef _ear;

    public InteropNode(int port, string first, Action<string[]> say)
    {
        _say = say;
        _system = ActorSystem.Create("mixed", ConfigurationFactory.ParseString(first)
            .WithFallback(Own(port)).WithFallback(ClusterSingleton.DefaultConfig())
            .WithFallback(DistributedPubSub.DefaultConfig()));
        _system.ActorOf(Props.Create(() => new Watcher(say)), "watcher");
        _ear = _system.ActorOf(Props.Create(() => new Ear(say)), "ear");
        _system.ActorOf(Props.Create(() => new Echo()), "echo");
        _system.ActorOf(Props.Create(() => new Counter(say)), "counter");
        _system.WhenTerminated.ContinueWith(_ => say(["terminated"]), TaskScheduler.Default);
        say(["started", Cluster.Cluster.Get(_system).SelfAddress.ToString(), Cluster.Cluster.Get(_system).SelfUniqueAddress.Uid.ToString()]);
    }

    private static Config Own(int port) => ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          loggers = []
          coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = off }
          actor {
            provider = cluster
            serializers.hyperion = "Akka.Serialization.HyperionSerializer, Akka.Serialization.Hyperion"
            serialization-bindings { "Akka.Interop.Node.Graph, Akka.Interop.Node" = hyperion }
            serialization-settings.allowed-types = [
              "Akka.Interop.Node.*, Akka.Interop.Node", "Google.Protobuf.WellKnownTypes.*, Google.Protobuf"
            ]
          }
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
          cluster {
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver { active-strategy = keep-majority, stable-after = 3s }
          }
        }
        """);

    /// <summary>Does one command. What comes of it is said, not returned.</summary>
    public void Do(string[] words)
    {
        switch (words)
        {
            case ["join", var address]: Cluster.Cluster.Get(_system).Join(Address.Parse(address)); break;
            case ["leave"]: Cluster.Cluster.Get(_system).Leave(Cluster.Cluster.Get(_system).SelfAddress); break;
            case ["down", var address]: Cluster.Cluster.Get(_system).Down(Address.Parse(address)); break;
            case ["shutdown"]: _ = CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClrExitReason.Instance); break;
            case ["terminate"]: _ = _system.Terminate(); break;
            case ["spawn", var name]:
                _system.ActorOf(Props.Create(() => new Ear(_say)), name);
                _say(["spawned", name]);
                break;
            case ["stop", var name]: _system.ActorSelection("/user/" + name).Tell(PoisonPill.Instance); break;
            case ["tell", var path, var kind]: _system.ActorSelection(path).Tell(Messages.Make(kind, _ear), _ear); break;
            case ["tell without sender", var path, var kind]:
                _system.ActorSelection(path).Tell(Messages.Make(kind, _ear), ActorRefs.NoSender); break;
            case ["flood", var path, var count]: _ear.Tell(new Ear.Flood(path, int.Parse(count))); break;
            case ["watch", var path]: _ear.Tell(new Ear.Follow(path)); break;
            case ["unwatch", var path]: _ear.Tell(new Ear.Forget(path)); break;
            case ["state"]: State(); break;
            case ["quarantine", var address, var uid]:
                ((RemoteActorRefProvider)((ExtendedActorSystem)_system).Provider).Quarantine(Address.Parse(address), int.Parse(uid)); break;
            default: Tools(words); break;
        }
    }

    private void Tools(string[] words)
    {
        IActorRef Mediator() => DistributedPubSub.Get(_system).Mediator;
        switch (words)
        {
            case ["mediator"]: Mediator(); break;
            case ["subscribe", var topic]: Mediator().Tell(new Subscribe(topic, _ear), _ear); break;
            case ["subscribe", var topic, var group]: Mediator().Tell(new Subscribe(topic, _ear, group), _ear); break;
            case ["unsubscribe", var topic]: Mediator().Tell(new Unsubscribe(topic, _ear), _ear); break;
            case ["put"]: Mediator().Tell(new Put(_ear), _ear); break;
            case ["publish", var topic, var kind]:
                Mediator().Tell(new Publish(topic, Messages.Make(kind, _ear)), _ear); break;
            case ["publish to groups", var topic, var kind]:
                Mediator().Tell(new Publish(topic, Messages.Make(kind, _ear), true), _ear); break;
            case ["send", var path, var kind]: Mediator().Tell(new Send(path, Messages.Make(kind, _ear)), _ear); break;
            case ["send to all", var path, var kind]:
                Mediator().Tell(new SendToAll(path, Messages.Make(kind, _ear), true), _ear); break;
            case ["count", var topic]: Mediator().Tell(CountOf(topic), _ear); break;
            case ["topics"]: Mediator().Tell(GetTopics.Instance, _ear); break;
            case ["singleton"]:
                _system.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Single(_say)),
                    new Single.End(), ClusterSingletonManagerSettings.Create(_system)), "single");
                break;
            case ["proxy"]:
                _system.ActorOf(ClusterSingletonProxy.Props("/user/single",
                    ClusterSingletonProxySettings.Create(_system)), "proxy");
                break;
            default: throw new ArgumentException($"No command is called {string.Join(' ', words)}.");
        }
    }

    /// <summary>A question of Akka.NET's own tests, which is not public there.</summary>
    private static object CountOf(string topic)
    {
        Type question = typeof(Subscribe).Assembly.GetTypes().Single(type => type.Name == "CountSubscribers");
        return Activator.CreateInstance(question, topic)!;
    }

    private void State()
    {
        ClusterEvent.CurrentClusterState state = Cluster.Cluster.Get(_system).State;
        _say(["state", state.Leader?.ToString() ?? "nobody",
            string.Join(' ', state.Members.Select(member => $"{member.Address}={member.Status}").Order(StringComparer.Ordinal)),
            string.Join(' ', state.Unreachable.Select(member => member.Address.ToString()))]);
    }

    public void Dispose() => _system.Terminate().Wait(Patience);
}
