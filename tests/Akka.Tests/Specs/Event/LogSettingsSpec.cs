using Akka.Actor;
using Akka.Event;
using Debug = Akka.Event.Debug;

namespace Akka.Tests.Specs.Event;

/// <summary>What the settings of logging and of debugging change.</summary>
public sealed class LogSettingsSpec() : Akka.TestKit.Xunit2.TestKit("""
    akka {
      loglevel = DEBUG
      stdout-loglevel = OFF
      log-dead-letters = off
      actor.debug { unhandled = on, lifecycle = on, autoreceive = on, event-stream = on, receive = on }
    }
    """)
{
    private sealed class Quiet : ReceiveActor
    {
        public Quiet() => Receive<int>(number => Sender.Tell(number));
    }

    private sealed class Shouting : ILogMessageFormatter
    {
        public string Format(string format, params object?[] args) =>
            string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args).ToUpperInvariant();

        public string Format(string format, IEnumerable<object?> args) => Format(format, args.ToArray());
    }

    private sealed class Speaker : ReceiveActor
    {
        public Speaker()
        {
            ILoggingAdapter log = Context.GetLogger(new Shouting());
            ReceiveAny(message => log.Warning("said {0}", message));
        }
    }

    private IActorRef NewQuiet(string? name = null)
    {
        IActorRef quiet = Sys.ActorOf(Props.Create<Quiet>(), name);
        quiet.Tell(1);
        ExpectMsg(1);
        return quiet;
    }

    [Fact]
    public void Unhandled_messages_are_logged_if_asked_for()
    {
        IActorRef quiet = NewQuiet();
        EventFilter.Debug(contains: "nhandled message").ExpectOne(() => quiet.Tell("what?"));
    }

    [Fact]
    public void Starts_and_stops_are_logged_if_asked_for()
    {
        // By its source: others start and stop as well.
        IActorRef? quiet = null;
        string path = $"akka://{Sys.Name}/user/quiet";
        EventFilter.Debug(start: "Started", source: path).ExpectOne(() => quiet = NewQuiet("quiet"));
        EventFilter.Debug(start: "Stopped", source: path).ExpectOne(() => Sys.Stop(quiet!));
    }

    [Fact]
    public void Messages_that_the_engine_handles_are_logged_if_asked_for()
    {
        IActorRef quiet = NewQuiet("named");
        EventFilter.Debug(contains: "received AutoReceiveMessage", source: quiet.Path.ToString()).ExpectOne(
            () => quiet.Tell(new Identify(1)));
        ExpectMsg<ActorIdentity>();
    }

    private sealed class Open : ReceiveActor, ILogReceive
    {
        public Open() => Receive<int>(number => Sender.Tell(number));
    }

    [Fact]
    public void Messages_are_logged_if_asked_for_by_the_actor_too()
    {
        IActorRef open = Sys.ActorOf(Props.Create<Open>());
        EventFilter.Debug(start: "received handled message 5 from").ExpectOne(() => open.Tell(5));
        ExpectMsg(5);
    }

    [Fact]
    public void Subscriptions_are_logged_if_asked_for()
    {
        EventFilter.Debug(contains: "Version").Expect(2, () =>
        {
            Sys.EventStream.Subscribe(TestActor, typeof(Version));
            Sys.EventStream.Unsubscribe(TestActor, typeof(Version));
        });
    }

    [Fact]
    public void A_formatter_of_one_s_own_is_used()
    {
        IActorRef speaker = Sys.ActorOf(Props.Create<Speaker>());
        EventFilter.Warning("SAID HELLO").ExpectOne(() => speaker.Tell("hello"));
    }

    [Fact]
    public void Every_level_has_its_event_and_may_have_a_cause()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(LogEvent));
        ILoggingAdapter log = Logging.GetLogger(Sys, "mine");
        var cause = new InvalidOperationException("cause");
        log.Debug(cause, "d {0}", 1);
        log.Info(cause, "i {0}", 2);
        log.Warning(cause, "w {0}", 3);
        log.Error(cause, "e {0}", 4);
        log.Log(LogLevel.WarningLevel, null, "l {0}", 5);
        LogEvent Mine() => FishForMessage<LogEvent>(line => line.LogSource.StartsWith("mine", StringComparison.Ordinal));
        foreach ((Type type, string text) in new[]
                 {
                     (typeof(Debug), "d 1"), (typeof(Info), "i 2"), (typeof(Warning), "w 3"), (typeof(Error), "e 4"),
                 })
        {
            LogEvent line = Mine();
            Assert.IsType(type, line);
            Assert.Equal(text, line.Message.ToString());
            Assert.Same(cause, line.Cause);
        }
        Assert.Equal("l 5", Assert.IsType<Warning>(Mine()).Message.ToString());
        Assert.True(log.IsDebugEnabled && log.IsInfoEnabled && log.IsWarningEnabled && log.IsErrorEnabled);
        Assert.True(log.IsEnabled(LogLevel.DebugLevel));
        Sys.EventStream.Unsubscribe(TestActor);
    }

    [Fact]
    public void The_level_can_be_changed_while_the_system_runs()
    {
        Sys.EventStream.SetLogLevel(LogLevel.ErrorLevel);
        Assert.Equal(LogLevel.ErrorLevel, Sys.EventStream.LogLevel);
        ILoggingAdapter log = Logging.GetLogger(Sys, "mine");
        Assert.False(log.IsWarningEnabled);
        EventFilter.Warning("no").Expect(0, TimeSpan.FromMilliseconds(30), () => log.Warning("no"));
        EventFilter.Error("yes").ExpectOne(() => log.Error("yes"));
    }

    [Fact]
    public void Dead_letters_are_not_logged_if_not_asked_for()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        EventFilter.Info(contains: "dead letters").Expect(0, TimeSpan.FromMilliseconds(30), () =>
        {
            Sys.DeadLetters.Tell("letter");
            Assert.Equal("letter", ExpectMsg<DeadLetter>().Message);
        });
    }
}
