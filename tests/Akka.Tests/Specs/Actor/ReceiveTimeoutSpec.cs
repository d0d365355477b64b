using Akka.Actor;
using Akka.TestKit;

namespace Akka.Tests.Specs.Actor;

/// <summary>An actor that is told when nothing has come for a while. Time is moved by the test.</summary>
public sealed class ReceiveTimeoutSpec() : Akka.TestKit.Xunit2.TestKit(
    "akka.loglevel = OFF, akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);

    private sealed record Humble(string Text) : INotInfluenceReceiveTimeout;

    private sealed class Sleeper : ReceiveActor
    {
        public Sleeper(IActorRef listener)
        {
            SetReceiveTimeout(Silence);
            Receive<ReceiveTimeout>(_ => listener.Tell("silence"));
            Receive<Action<IActorContext>>(action => action(Context));
            Receive<Exception>(failure => throw failure);
            ReceiveAny(message => Sender.Tell(message));
        }
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private IActorRef NewSleeper()
    {
        IActorRef sleeper = Sys.ActorOf(Props.Create(() => new Sleeper(TestActor)));
        Say(sleeper, "ready?");
        return sleeper;
    }

    // The answer comes out of the handler, and the timer starts again after it: the second answer is after that.
    private void Say(IActorRef sleeper, object message)
    {
        sleeper.Tell(message);
        ExpectMsg(message);
        sleeper.Tell(new Humble("done?"));
        ExpectMsg<Humble>();
    }

    [Fact]
    public void Silence_is_told_again_and_again()
    {
        IActorRef sleeper = NewSleeper();
        for (int time = 0; time < 3; time++)
        {
            Time.Advance(Silence);
            ExpectMsg("silence");
            // Answered after the timer has started again.
            sleeper.Tell(new Humble("done?"));
            ExpectMsg<Humble>();
        }
    }

    [Fact]
    public void Every_message_starts_it_anew()
    {
        IActorRef sleeper = NewSleeper();
        Time.Advance(Half);
        Say(sleeper, "not yet");
        Time.Advance(Half);
        ExpectNoMsg(Soon);
        Time.Advance(Half);
        ExpectMsg("silence");
    }

    [Fact]
    public void Messages_that_are_marked_so_do_not_count()
    {
        IActorRef sleeper = NewSleeper();
        Time.Advance(Half);
        sleeper.Tell(new Humble("do not mind me"));
        ExpectMsg<Humble>();
        Time.Advance(Half);
        ExpectMsg("silence");
    }

    [Fact]
    public void It_can_be_switched_off()
    {
        IActorRef sleeper = NewSleeper();
        sleeper.Tell((Action<IActorContext>)(context => context.SetReceiveTimeout(null)));
        Say(sleeper, "off?");
        Time.Advance(Silence * 3);
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void What_the_actor_does_is_no_silence_however_long_it_takes()
    {
        IActorRef sleeper = NewSleeper();
        using ManualResetEventSlim entered = new();
        using ManualResetEventSlim gate = new();
        sleeper.Tell((Action<IActorContext>)(_ =>
        {
            entered.Set();
            gate.Wait(TimeSpan.FromSeconds(5));
        }));
        Assert.True(entered.Wait(TimeSpan.FromSeconds(5)));
        Time.Advance(Silence * 2);
        gate.Set();
        Say(sleeper, "awake?");
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void A_restart_ends_it_until_the_new_object_asks_for_it()
    {
        IActorRef sleeper = NewSleeper();
        sleeper.Tell(new InvalidOperationException());
        Say(sleeper, "anew");
        Time.Advance(Silence);
        ExpectMsg("silence");
        ExpectNoMsg(Soon);
    }

    [EmbeddedFact("Akka.NET takes any time")]
    public void The_time_must_be_positive()
    {
        IActorRef sleeper = NewSleeper();
        sleeper.Tell((Action<IActorContext>)(context =>
            TestActor.Tell(Record.Exception(() => context.SetReceiveTimeout(TimeSpan.FromSeconds(-1))) is ArgumentException)));
        ExpectMsg(true);
    }
}
