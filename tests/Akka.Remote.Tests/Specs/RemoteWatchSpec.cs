using Akka.Actor;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Specs;

public sealed class RemoteWatchSpec : IDisposable
{
    private readonly RemotePair _pair = new();
    private readonly Mail _mail = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void The_death_of_a_remote_actor_is_told()
    {
        IActorRef there = _pair.There.ActorOf(Props.Create<Echo>(), "echo");
        IActorRef remote = _pair.FromHere(there);
        Watcher().Tell(new WatchIt(remote));
        remote.Tell("stop");
        Terminated dead = _mail.Take<Terminated>();
        Assert.Equal(remote, dead.ActorRef);
        Assert.False(dead.AddressTerminated);
    }

    [Fact]
    public void Watching_who_never_lived_ends_at_once()
    {
        IActorRef missing = ((ExtendedActorSystem)_pair.Here).Provider
            .ResolveActorRef(AddressOf(_pair.There) + "/user/missing");
        Watcher().Tell(new WatchIt(missing));
        Terminated dead = _mail.Take<Terminated>();
        Assert.Equal(missing, dead.ActorRef);
        Assert.False(dead.ExistenceConfirmed);
    }

    [Fact]
    public void Several_watchers_of_one_actor_are_all_told()
    {
        IActorRef remote = _pair.FromHere(_pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Mail other = new();
        Watcher().Tell(new WatchIt(remote));
        _pair.Here.ActorOf(Props.Create(() => new Keeper(other))).Tell(new WatchIt(remote));
        remote.Tell("stop");
        Assert.Equal(remote, _mail.Take<Terminated>().ActorRef);
        Assert.Equal(remote, other.Take<Terminated>().ActorRef);
    }

    [Fact]
    public void Who_looks_away_is_not_told()
    {
        IActorRef remote = _pair.FromHere(_pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        IActorRef watcher = Watcher();
        watcher.Tell(new WatchIt(remote));
        watcher.Tell(new UnwatchIt(remote));
        Mail other = new();
        _pair.Here.ActorOf(Props.Create(() => new Keeper(other))).Tell(new WatchIt(remote));
        remote.Tell("stop");
        other.Take<Terminated>();
        watcher.Tell("last");
        Assert.Equal("last", _mail.Take());
    }

    [Fact]
    public void The_end_of_a_whole_system_is_the_death_of_its_actors()
    {
        IActorRef remote = _pair.FromHere(_pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Watcher().Tell(new WatchIt(remote));
        Assert.Equal("hello", remote.Ask<string>("hello", Patience).Result);
        _pair.There.Terminate().Wait(Patience);
        Assert.Equal(remote, _mail.Take<Terminated>().ActorRef);
    }

    [EmbeddedFact("Akka.NET tells of the death, but not that it is the whole address")]
    public void A_system_that_cannot_be_reached_is_found_out()
    {
        IActorRef nowhere = ((ExtendedActorSystem)_pair.Here).Provider
            .ResolveActorRef("akka.tcp://Pair@127.0.0.1:1/user/nobody");
        Watcher().Tell(new WatchIt(nowhere));
        Terminated dead = _mail.Take<Terminated>();
        Assert.Equal(nowhere, dead.ActorRef);
        Assert.True(dead.AddressTerminated);
    }

    private IActorRef Watcher() => _pair.Here.ActorOf(Props.Create(() => new Keeper(_mail)));
}
