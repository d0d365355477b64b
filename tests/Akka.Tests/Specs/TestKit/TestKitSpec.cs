using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;

namespace Akka.Tests.Specs.TestKit;

/// <summary>The kit around the expectations: probes, pilots, latches, children, the log.</summary>
public sealed class TestKitSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = DEBUG, mine.key = 7")
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);

    private sealed class Fragile : ReceiveActor
    {
        public Fragile()
        {
            Receive<string>(text => throw new InvalidOperationException(text));
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override void PostRestart(Exception reason) => Context.Parent.Tell("restarted");
    }

    [Fact]
    public void The_system_has_the_configuration_of_the_test() =>
        Assert.Equal(7, Sys.Settings.Config.GetInt("mine.key"));

    [Fact]
    public void A_probe_stands_for_an_actor()
    {
        TestProbe probe = CreateTestProbe("probe");
        probe.Ref.Tell("hello", TestActor);
        probe.ExpectMsg("hello");
        Assert.Equal(TestActor, probe.Sender);
        probe.Reply("answer");
        ExpectMsg("answer");
        probe.Forward(TestActor, "forwarded");
        ExpectMsgFrom<string>(TestActor);
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void An_auto_pilot_answers()
    {
        TestProbe probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"auto {message}");
            return AutoPilot.KeepRunning;
        }));
        probe.Ref.Tell("one", TestActor);
        probe.Ref.Tell("two", TestActor);
        ExpectMsg("auto one");
        ExpectMsg("auto two");
    }

    [Fact]
    public void A_pilot_can_hand_over()
    {
        TestProbe probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell("only once");
            return AutoPilot.NoAutoPilot;
        }));
        probe.Ref.Tell("one", TestActor);
        probe.Ref.Tell("two", TestActor);
        ExpectMsg("only once");
        ExpectNoMsg(Soon);
        Assert.Equal(["one", "two"], probe.ReceiveN(2));
    }

    [EmbeddedFact("Akka.NET does not restart a child of the test that has no strategy of its own")]
    public void A_child_of_the_test_reports_to_it()
    {
        TestProbe parent = CreateTestProbe();
        IActorRef child = parent.ChildActorOf<Fragile>();
        child.Tell("broken");
        parent.ExpectMsg("restarted");
    }

    [Fact]
    public void A_latch_opens_after_its_count()
    {
        TestLatch latch = CreateTestLatch(2);
        Assert.False(latch.IsOpen);
        latch.CountDown();
        Assert.Throws<TimeoutException>(() => latch.Ready(Soon));
        latch.CountDown();
        latch.Ready();
        Assert.True(latch.IsOpen);
    }

    [Fact]
    public void Log_events_are_expected()
    {
        ILoggingAdapter log = Logging.GetLogger(Sys, "the source");
        EventFilter.Info("exactly this").ExpectOne(() => log.Info("exactly this"));
        EventFilter.Warning(start: "begins").ExpectOne(() => log.Warning("begins so"));
        EventFilter.Error(contains: "middle").ExpectOne(() => log.Error("the middle of it"));
        EventFilter.Debug("number 5").Expect(2, () =>
        {
            log.Debug("number {0}", 5);
            log.Debug("number {0}", 5);
        });
        EventFilter.Exception<ArgumentException>().ExpectOne(() => log.Error(new ArgumentException("bad"), "failed"));
    }

    [Fact]
    public void A_log_event_that_does_not_come_fails_the_test()
    {
        Config quick = ConfigurationFactory.ParseString("akka.test.filter-leeway = 30ms");
        using var kit = new Akka.TestKit.Xunit2.TestKit(quick);
        Assert.ThrowsAny<Exception>(() => kit.EventFilter.Info("never").ExpectOne(() => { }));
        Assert.ThrowsAny<Exception>(() => kit.EventFilter.Warning("w").Expect(0, () => kit.Sys.Log.Warning("w")));
    }

    [Fact]
    public void Dead_letters_are_log_events()
    {
        IActorRef gone = ActorOf<Fragile>();
        Watch(gone);
        Sys.Stop(gone);
        ExpectTerminated(gone);
        EventFilter.DeadLetter<string>().ExpectOne(() => gone.Tell("anyone?"));
        EventFilter.DeadLetter<int>(number => number == 5).ExpectOne(() => gone.Tell(5));
    }

    [Fact]
    public void Muted_events_are_not_shown_to_later_filters()
    {
        var muted = EventFilter.Warning("quiet").Mute();
        Sys.Log.Warning("quiet");
        muted.Unmute();
        EventFilter.Warning("quiet").ExpectOne(() => Sys.Log.Warning("quiet"));
    }

    [Fact]
    public void Times_are_dilated()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit("akka.test.timefactor = 3");
        Assert.Equal(TimeSpan.FromSeconds(3), kit.Dilated(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_system_of_the_test_s_own_can_be_used()
    {
        ActorSystem system = ActorSystem.Create("own", Akka.TestKit.Xunit2.TestKit.DefaultConfig);
        using (var kit = new Akka.TestKit.Xunit2.TestKit(system))
        {
            Assert.Same(system, kit.Sys);
            kit.TestActor.Tell("x");
            kit.ExpectMsg("x");
        }

        Assert.True(system.WhenTerminated.Wait(TimeSpan.FromSeconds(5)));
    }
}
