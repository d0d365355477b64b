using Akka.Actor;
using Akka.TestKit;

namespace Akka.Tests.Specs.TestKit;

/// <summary>Time that a test moves.</summary>
public sealed class TestSchedulerSpec()
    : Akka.TestKit.Xunit2.TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private sealed class Ticking : ReceiveActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        public Ticking(IActorRef listener)
        {
            Receive<string>(text => listener.Tell(text));
            Receive<ReceiveTimeout>(_ => listener.Tell("idle"));
        }

        protected override void PreStart()
        {
            Timers.StartPeriodicTimer("key", "tick", TimeSpan.FromMinutes(1));
            SetReceiveTimeout(null);
        }
    }

    [Fact]
    public void Nothing_happens_until_time_is_moved()
    {
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromHours(1), TestActor, "late", ActorRefs.NoSender);
        Time.Advance(TimeSpan.FromMinutes(59));
        ExpectNoMsg(Soon);
        Time.Advance(TimeSpan.FromMinutes(1));
        ExpectMsg("late");
    }

    [Fact]
    public void What_falls_due_comes_in_order_of_time()
    {
        foreach (int minute in new[] { 3, 1, 2 })
        {
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMinutes(minute), TestActor, minute, ActorRefs.NoSender);
        }

        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([1, 2, 3], ReceiveN(3).Cast<int>());
    }

    [EmbeddedFact("Akka.NET repeats once for each step that time is moved by")]
    public void A_repetition_comes_as_often_as_it_falls_due_and_ends_when_cancelled()
    {
        ICancelable repetition = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(
            TimeSpan.Zero, TimeSpan.FromSeconds(10), TestActor, "tick", ActorRefs.NoSender);
        Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(3, ReceiveN(3).Count);
        repetition.Cancel();
        Time.Advance(TimeSpan.FromSeconds(60));
        ExpectNoMsg(Soon);
    }

    [EmbeddedFact("the monotonic clock of Akka.NET stays that of the machine")]
    public void Clocks_go_with_it()
    {
        DateTimeOffset before = Sys.Scheduler.Now;
        TimeSpan monotonic = Sys.Scheduler.MonotonicClock;
        Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromDays(1), Sys.Scheduler.Now - before);
        Assert.Equal(TimeSpan.FromDays(1), Sys.Scheduler.MonotonicClock - monotonic);
    }

    [Fact]
    public void Timers_of_actors_go_with_it()
    {
        TestActorRef<Ticking> actor = ActorOfAsTestActorRef<Ticking>(Props.Create(() => new Ticking(TestActor)));
        Time.Advance(TimeSpan.FromMinutes(1));
        ExpectMsg("tick");
        Time.Advance(TimeSpan.FromMinutes(1));
        ExpectMsg("tick");
        Sys.Stop(actor);
    }
}
