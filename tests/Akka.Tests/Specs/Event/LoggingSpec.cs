using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Tests.Specs.Event;

/// <summary>Log lines on their way from an actor to a logger of one's own, and the log of dead letters.</summary>
public sealed class LoggingSpec : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private ActorSystem _system = null!;
    private System.Threading.Channels.Channel<LogEvent> _lines = null!;

    // The logger is made by the system from its class name, so the lines come out by a static door, one per system.
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string,
        System.Threading.Channels.Channel<LogEvent>> Doors = new();

    public sealed class Collector : ReceiveActor
    {
        public Collector()
        {
            System.Threading.Channels.ChannelWriter<LogEvent> door = Doors[Context.System.Name].Writer;
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            Receive<LogEvent>(line => door.TryWrite(line));
        }
    }

    private sealed class Chatty : ReceiveActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        public Chatty()
        {
            Receive<string>(text =>
            {
                _log.Debug("debug {0}", text);
                _log.Info("info {0}", text);
                _log.Warning("warning {0}", text);
                _log.Error(new InvalidOperationException("cause"), "error {0} of {1}", text, 2);
            });
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    private void Start(string level, string more = "")
    {
        string name = "log-" + Guid.NewGuid().ToString("N");
        _lines = Doors[name] = System.Threading.Channels.Channel.CreateUnbounded<LogEvent>();
        _system = ActorSystem.Create(name, ConfigurationFactory.ParseString($$"""
            akka.loglevel = {{level}}
            akka.loggers = ["{{typeof(Collector).AssemblyQualifiedName}}"]
            akka.stdout-loglevel = OFF
            {{more}}
            """));
    }

    public async Task DisposeAsync() => await _system.Terminate().WaitAsync(Patience);

    private async Task<LogEvent> Next(Func<LogEvent, bool> wanted)
    {
        using CancellationTokenSource limit = new(Patience);
        while (true)
        {
            LogEvent line = await _lines.Reader.ReadAsync(limit.Token);
            if (wanted(line)) return line;
        }
    }

    [Fact]
    public async Task Lines_below_the_level_are_not_logged()
    {
        Start("INFO");
        IActorRef chatty = _system.ActorOf(Props.Create<Chatty>(), "chatty");
        chatty.Tell("x");
        bool Mine(LogEvent line) => line.LogSource.Contains("chatty", StringComparison.Ordinal);
        Assert.Equal("info x", (await Next(Mine)).Message.ToString());
        Assert.Equal("warning x", (await Next(Mine)).Message.ToString());
        LogEvent error = await Next(Mine);
        Assert.Equal("error x of 2", error.Message.ToString());
        Assert.Equal(LogLevel.ErrorLevel, error.LogLevel());
        Assert.Equal("cause", error.Cause!.Message);
        Assert.Equal(typeof(Chatty), error.LogClass);
    }

    [Fact]
    public async Task A_line_says_level_time_thread_and_source()
    {
        Start("WARNING");
        _system.ActorOf(Props.Create<Chatty>(), "chatty").Tell("x");
        LogEvent line = await Next(line => line is Warning);
        Assert.Matches(@"^\[WARNING\]\[\d\d/\d\d/\d{4} \d\d:\d\d:\d\d\.\d{3}Z?\]\[Thread \d{4}\]\[akka://.*/user/chatty\] warning x$",
            line.ToString());
    }

    [Fact]
    public async Task Dead_letters_are_logged_until_there_were_enough()
    {
        Start("INFO", "akka.log-dead-letters = 2, akka.log-dead-letters-suspend-duration = infinite");
        // Akka.NET's listener begins a moment after the system; asked who it is, it answers when it has begun.
        await _system.ActorSelection("/system/deadLetterListener").Ask<ActorIdentity>(new Identify(1), Patience);
        for (int number = 0; number < 5; number++) _system.DeadLetters.Tell($"letter {number}");
        bool OfLetters(LogEvent line) =>
            line.Message.ToString()!.Contains("dead letters encountered", StringComparison.Ordinal);
        Assert.Contains("letter 0", (await Next(OfLetters)).Message.ToString(), StringComparison.Ordinal);
        string last = (await Next(OfLetters)).Message.ToString()!;
        Assert.Contains("no more dead letters will be logged", last, StringComparison.Ordinal);
        _system.Log.Info("marker");
        LogEvent next = await Next(_ => true);
        Assert.Equal("marker", next.Message.ToString());
    }

    [Fact]
    public void A_format_that_does_not_fit_its_arguments_is_shown_anyway()
    {
        Start("OFF");
        Assert.Contains("{0} {1}", DefaultLogMessageFormatter.Instance.Format("{0} {1}", 1), StringComparison.Ordinal);
    }
}
