using Akka.Actor;

namespace Akka.Tests.Specs.Actor;

/// <summary>Hearing of the death of others: once, in time, or not at all when it is not wanted any more.</summary>
public sealed class DeathWatchSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = OFF")
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    // A Terminated that is sent on is dropped by whoever does not watch, so it goes wrapped.
    private sealed record Heard(Terminated Death);

    private sealed record Do(Action<IActorContext> Action);

    private sealed class Puppet : ReceiveActor
    {
        public Puppet(IActorRef listener)
        {
            Receive<Do>(order =>
            {
                order.Action(Context);
                Sender.Tell("done");
            });
            Receive<Exception>(failure => throw failure);
            Receive<Terminated>(terminated => listener.Tell(new Heard(terminated)));
            Receive<string>(text => listener.Tell(text));
        }
    }

    private IActorRef Victim() => Sys.ActorOf(Props.Create(() => new Puppet(Nobody.Instance)));

    private IActorRef Watcher() => Sys.ActorOf(Props.Create(() => new Puppet(TestActor)));

    private void Order(IActorRef puppet, Action<IActorContext> action)
    {
        puppet.Tell(new Do(action));
        ExpectMsg("done");
    }

    [Fact]
    public void A_watcher_hears_of_the_death_once()
    {
        IActorRef victim = Victim();
        IActorRef watcher = Watcher();
        Order(watcher, context => context.Watch(victim));
        Order(watcher, context => context.Watch(victim));
        Sys.Stop(victim);
        Terminated heard = ExpectMsg<Heard>().Death;
        Assert.Equal(victim, heard.ActorRef);
        Assert.True(heard.ExistenceConfirmed);
        Assert.False(heard.AddressTerminated);
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void Watching_the_dead_is_answered_at_once()
    {
        IActorRef victim = Victim();
        Watch(victim);
        Sys.Stop(victim);
        ExpectTerminated(victim);
        Order(Watcher(), context => context.Watch(victim));
        Assert.Equal(victim, ExpectMsg<Heard>().Death.ActorRef);
    }

    [Fact]
    public void A_watcher_can_choose_the_message()
    {
        IActorRef victim = Victim();
        Order(Watcher(), context => context.WatchWith(victim, "gone"));
        Sys.Stop(victim);
        ExpectMsg("gone");
        ExpectNoMsg(Soon);
    }

    [EmbeddedFact("Akka.NET takes any second watch")]
    public void A_second_watch_with_another_message_is_refused()
    {
        IActorRef victim = Victim();
        Order(Watcher(), context =>
        {
            context.WatchWith(victim, "gone");
            context.WatchWith(victim, "gone");
            Assert.Throws<InvalidOperationException>(() => context.WatchWith(victim, "other"));
            Assert.Throws<InvalidOperationException>(() => context.Watch(victim));
        });
    }

    [Fact]
    public void After_unwatch_nothing_is_heard()
    {
        IActorRef victim = Victim();
        IActorRef watcher = Watcher();
        Order(watcher, context => context.Watch(victim));
        Order(watcher, context => context.Unwatch(victim));
        Watch(victim);
        Sys.Stop(victim);
        ExpectTerminated(victim);
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void Unwatch_also_drops_what_is_in_the_mailbox_already()
    {
        IActorRef victim = Victim();
        IActorRef watcher = Watcher();
        Order(watcher, context => context.Watch(victim));
        using ManualResetEventSlim go = new();
        watcher.Tell(new Do(context =>
        {
            go.Wait(TimeSpan.FromSeconds(5));
            context.Unwatch(victim);
        }));
        Watch(victim);
        Sys.Stop(victim);
        ExpectTerminated(victim);
        go.Set();
        ExpectMsg("done");
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void A_watch_survives_the_restart_of_the_watcher()
    {
        IActorRef victim = Victim();
        IActorRef watcher = Watcher();
        Order(watcher, context => context.Watch(victim));
        watcher.Tell(new InvalidOperationException());
        Sys.Stop(victim);
        Assert.Equal(victim, ExpectMsg<Heard>().Death.ActorRef);
    }

    [Fact]
    public void A_restart_of_the_watched_is_no_death()
    {
        IActorRef victim = Victim();
        Order(Watcher(), context => context.Watch(victim));
        victim.Tell(new InvalidOperationException());
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void All_watchers_hear_of_it()
    {
        IActorRef victim = Victim();
        for (int watcher = 0; watcher < 20; watcher++) Order(Watcher(), context => context.Watch(victim));
        Sys.Stop(victim);
        for (int watcher = 0; watcher < 20; watcher++) Assert.Equal(victim, ExpectMsg<Heard>().Death.ActorRef);
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void A_parent_can_watch_its_child()
    {
        IActorRef parent = Watcher();
        IActorRef? child = null;
        Order(parent,
            context => child = context.Watch(context.ActorOf(Props.Create(() => new Puppet(Nobody.Instance)), "c")));
        child!.Tell(PoisonPill.Instance);
        Assert.Equal(child, ExpectMsg<Heard>().Death.ActorRef);
        Order(parent, context => context.ActorOf(Props.Create(() => new Puppet(Nobody.Instance)), "c"));
    }

    [Fact]
    public void Watching_oneself_is_nothing()
    {
        IActorRef watcher = Watcher();
        Order(watcher, context => context.Watch(context.Self));
        Watch(watcher);
        Sys.Stop(watcher);
        ExpectTerminated(watcher);
    }

    [Fact]
    public void Watching_a_place_where_nobody_was_is_answered_without_confirmation()
    {
        IActorRef nobody = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(
            new RootActorPath(((ExtendedActorSystem)Sys).Provider.RootPath.Address) / "user" / "never");
        Order(Watcher(), context => context.Watch(nobody));
        Assert.False(ExpectMsg<Heard>().Death.ExistenceConfirmed);
    }
}
