using Akka.Actor;

namespace Akka.Tests.Inside.Engine;

/// <summary>On a host of one thread, a system is that thread's alone, and the same seed gives the same
/// story.</summary>
public sealed class DeterminismTests
{
    private sealed class Asker : ReceiveActor, IWithTimers
    {
        private readonly List<string> _trace;

        public Asker(List<string> trace, IActorRef echo)
        {
            _trace = trace;
            Receive<string>(text => text == "ask", _ => echo.Ask<string>("piped").PipeTo(Self));
            ReceiveAsync<int>(async number =>
            {
                string answer = await echo.Ask<string>($"awaited {number}", TimeSpan.FromSeconds(1));
                Write(answer);
                try
                {
                    await echo.Ask<string>("silence", TimeSpan.FromSeconds(1));
                }
                catch (AskTimeoutException)
                {
                    Write($"timeout {number}");
                }
            });
            Receive<string>(text => text == "fail", text => throw new InvalidOperationException(text));
            Receive<string>(Write);
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            Timers.StartPeriodicTimer("k", "tick", TimeSpan.FromSeconds(2));
            Write($"start {Self.Path.Uid}");
        }

        private void Write(string text) =>
            _trace.Add($"{Environment.CurrentManagedThreadId} {Context.System.Uptime} {text}");
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo()
        {
            Receive<string>(text => text == "silence", _ => { });
            Receive<string>(text => Sender.Tell(text));
        }
    }

    private static List<string> Story(int seed)
    {
        OneThreadHost host = new(seed);
        ActorSystem system = host.Start();
        host.RunFor(TimeSpan.FromSeconds(1));
        IActorRef echo = system.ActorOf(Props.Create<Echo>());
        IActorRef asker = system.ActorOf(Props.Create(() => new Asker(host.Trace, echo)));
        asker.Tell("ask");
        asker.Tell(1);
        asker.Tell(2);
        asker.Tell("after");
        host.RunFor(TimeSpan.FromSeconds(5));
        asker.Tell("fail");
        host.RunFor(TimeSpan.FromSeconds(3));
        Task<bool> stopped = asker.GracefulStop(TimeSpan.FromSeconds(1));
        host.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(stopped.IsCompletedSuccessfully);
        Task end = system.Terminate();
        host.RunFor(TimeSpan.FromSeconds(30));
        Assert.True(end.IsCompletedSuccessfully);
        return host.Trace;
    }

    [Fact]
    public void The_same_seed_gives_the_same_story_on_the_same_thread()
    {
        List<string> first = Story(1);
        Assert.Equal(first, Story(1));
        Assert.All(first, line =>
            Assert.StartsWith($"{Environment.CurrentManagedThreadId} ", line, StringComparison.Ordinal));
        Assert.Contains(first, line => line.EndsWith("awaited 2", StringComparison.Ordinal));
        Assert.Contains(first, line => line.EndsWith("timeout 2", StringComparison.Ordinal));
        Assert.Contains(first, line => line.EndsWith("piped", StringComparison.Ordinal));
        Assert.Equal(2, first.Count(line => line.Contains("start", StringComparison.Ordinal)));
    }

    [Fact]
    public void Another_seed_gives_other_incarnations() => Assert.NotEqual(Story(1)[0], Story(2)[0]);
}
