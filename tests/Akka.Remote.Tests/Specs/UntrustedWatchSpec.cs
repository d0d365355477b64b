using Akka.Actor;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Specs;

/// <summary>Death watch between nodes in untrusted mode, which takes it from others.</summary>
public sealed class UntrustedWatchSpec : IDisposable
{
    private readonly RemotePair _pair = new("""
        akka.remote.untrusted-mode = on
        akka.remote.trusted-selection-paths = ["/system/remote-watcher"]
        """);

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void A_death_is_told_and_nobody_is_stopped_by_others()
    {
        Mail mail = new();
        IActorRef there = _pair.There.ActorOf(Props.Create<Echo>(), "echo");
        IActorRef remote = _pair.FromHere(there);
        _pair.Here.ActorOf(Props.Create(() => new Keeper(mail))).Tell(new WatchIt(remote));
        ((IInternalActorRef)remote).Stop();
        remote.Tell(PoisonPill.Instance);
        Assert.Equal("still here", remote.Ask<string>("still here", Patience).Result);
        Assert.True(mail.IsEmpty);
        there.Tell("stop");
        Terminated dead = mail.Take<Terminated>();
        Assert.Equal((remote, false), (dead.ActorRef, dead.AddressTerminated));
    }
}
