using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>What a remote watcher keeps of nodes that were watched and fell silent.</summary>
public sealed class WatchedLivesTests : IDisposable
{
    private const int Lives = 300;

    private readonly ActorSystem _system = ActorSystem.Create("Pair", ConfigurationFactory.ParseString("""
        akka { actor.provider = remote, loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """));

    public void Dispose() => _system.Terminate().Wait(Patience);

    [Fact]
    public void Nothing_is_kept_of_nodes_that_fell_silent_when_all_who_watched_there_were_told()
    {
        Mail mail = new();
        IInternalActorRef keeper = (IInternalActorRef)_system.ActorOf(Props.Create(() => new Keeper(mail)));
        IActorRef watcher = _system.ActorOf(Props.Create(() => new Watcher(null)));
        RemoteActorRefProvider provider = RARP.For(_system).Provider;
        for (int life = 1; life <= Lives; life++)
        {
            var watchee = (IInternalActorRef)provider.ResolveActorRef($"akka.tcp://Life{life}@127.0.0.1:1/user/a#5");
            watcher.Tell(new RemoteWatcher.WatchRemote(watchee, keeper));
        }
        watcher.Tell("judge", keeper);
        Assert.Equal(Lives, mail.Take());
        long begun = Stopwatch.GetTimestamp();
        int left;
        do
        {
            watcher.Tell(RemoteWatcher.Stats.Ask.Instance, keeper);
            left = mail.Take<RemoteWatcher.Stats>().Nodes.Count;
        }
        while (left > 0 && Stopwatch.GetElapsedTime(begun) < Patience);
        Assert.Equal(0, left);
        watcher.Tell("count", keeper);
        Assert.Equal(0, mail.Take());
    }

    [Fact]
    public void Who_begins_to_watch_when_the_end_of_the_node_was_told_and_not_read_yet_is_told_once_too()
    {
        Mail mail = new();
        IInternalActorRef keeper = (IInternalActorRef)_system.ActorOf(Props.Create(() => new Keeper(mail)));
        RemoteActorRefProvider provider = RARP.For(_system).Provider;
        var watchee = (IInternalActorRef)provider.ResolveActorRef("akka.tcp://Life@127.0.0.1:1/user/a#5");
        Latecomer latecomer = new(provider, keeper);
        IActorRef watcher = _system.ActorOf(Props.Create(() => new Watcher(latecomer)));
        watcher.Tell(new RemoteWatcher.WatchRemote(watchee, keeper));
        watcher.Tell("judge", keeper);
        Assert.Equal(1, mail.Take());
        var news = mail.Take<DeathWatchNotification>();
        Assert.Equal((watchee, true), (news.Actor, news.AddressTerminated));
        watcher.Tell(RemoteWatcher.Stats.Ask.Instance, keeper);
        Assert.Equal(0, mail.Take<RemoteWatcher.Stats>().Watching);
    }

    /// <summary>Watches, and passes on what it is told of deaths; of nodes that are gone it hears nothing.</summary>
    private sealed class Latecomer(IActorRefProvider provider, IActorRef keeper) : MinimalActorRef
    {
        public override ActorPath Path { get; } = provider.RootPath / "latecomer";

        public override IActorRefProvider Provider { get; } = provider;

        public override void SendSystemMessage(ISystemMessage message) => keeper.Tell(message);
    }

    /// <summary>One to whom everybody is silent from when it is told so.</summary>
    private sealed class Watcher(IInternalActorRef? latecomer = null) : RemoteWatcher(_silence, new RemoteWatcherSettings(
        TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(20), TimeSpan.FromHours(1), TimeSpan.Zero))
    {
        private static readonly Silence _silence = new();

        private IActorRef? _asker;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "judge":
                    (_silence.Begun, _asker) = (true, Sender);
                    break;
                case "count":
                    Sender.Tell(Unreachable.Count);
                    break;
                default:
                    base.OnReceive(message);
                    if (_asker is null || Unreachable.Count == 0) break;
                    if (latecomer is not null) Self.Tell(new WatchRemote(Watchees.Single(), latecomer));
                    _asker.Tell(Unreachable.Count);
                    _asker = null;
                    break;
            }
        }

        protected override void Quarantine(Address node, int? uid)
        {
            // The nodes do not exist.
        }
    }

    private sealed class Silence : IFailureDetectorRegistry<Address>
    {
        public bool Begun { get; set; }

        public bool IsAvailable(Address resource) => !Begun;

        public bool IsMonitoring(Address resource) => true;

        public void Heartbeat(Address resource)
        {
        }

        public void Remove(Address resource)
        {
        }

        public void Reset()
        {
        }
    }
}
