using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Specs.Event;

/// <summary>Publishing to whoever subscribed: by class, by base class, by interface.</summary>
public sealed class EventStreamSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = OFF")
{
    private interface IMarked;

    private record Animal(string Name);

    private sealed record Dog(string Name) : Animal(Name), IMarked;

    private sealed record Cat(string Name) : Animal(Name);

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);

    [Fact]
    public void Subclasses_and_interfaces_are_channels_too()
    {
        Akka.TestKit.TestProbe animals = CreateTestProbe();
        Akka.TestKit.TestProbe marked = CreateTestProbe();
        Sys.EventStream.Subscribe(animals.Ref, typeof(Animal));
        Sys.EventStream.Subscribe<IMarked>(marked.Ref);
        Sys.EventStream.Publish(new Cat("c"));
        Sys.EventStream.Publish(new Dog("d"));
        animals.ExpectMsg(new Cat("c"));
        animals.ExpectMsg(new Dog("d"));
        marked.ExpectMsg(new Dog("d"));
        marked.ExpectNoMsg(Soon);
    }

    [Fact]
    public void A_subscriber_gets_an_event_once_however_many_of_its_channels_fit()
    {
        Assert.True(Sys.EventStream.Subscribe(TestActor, typeof(Animal)));
        Assert.True(Sys.EventStream.Subscribe(TestActor, typeof(Dog)));
        Assert.False(Sys.EventStream.Subscribe(TestActor, typeof(Dog)));
        Sys.EventStream.Publish(new Dog("d"));
        ExpectMsg(new Dog("d"));
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void After_unsubscribing_nothing_comes()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Dog));
        Sys.EventStream.Subscribe(TestActor, typeof(Cat));
        Assert.True(Sys.EventStream.Unsubscribe(TestActor, typeof(Dog)));
        Assert.False(Sys.EventStream.Unsubscribe(TestActor, typeof(Dog)));
        Sys.EventStream.Publish(new Dog("d"));
        Sys.EventStream.Publish(new Cat("c"));
        ExpectMsg(new Cat("c"));
        Assert.True(Sys.EventStream.Unsubscribe(TestActor));
        Sys.EventStream.Publish(new Cat("c"));
        ExpectNoMsg(Soon);
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener() => ReceiveAny(_ => { });
    }

    [EmbeddedFact("Akka.NET ends it a moment later")]
    public void A_subscription_ends_with_its_actor()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        IActorRef listener = Sys.ActorOf(Props.Create<Listener>());
        Sys.EventStream.Subscribe(listener, typeof(Animal));
        Watch(listener);
        Sys.Stop(listener);
        ExpectTerminated(listener);
        Sys.EventStream.Publish(new Dog("d"));
        ExpectNoMsg(Soon);
    }
}
