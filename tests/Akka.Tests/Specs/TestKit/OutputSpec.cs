using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.Tests.Specs.TestKit;

/// <summary>What a test kit shows with its test, and that kits of tests that run at the same time are strangers.</summary>
public sealed class OutputSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private sealed class Lines : ITestOutputHelper
    {
        private readonly BlockingCollection<string> _lines = [];
        private readonly ManualResetEventSlim _refused = new();
        private volatile bool _isOver;

        /// <summary>The test is over: as xunit does it, a line is refused then.</summary>
        public bool IsOver
        {
            set => _isOver = value;
        }

        public bool WillRefuse() => _refused.Wait(Patience);

        /// <summary>The next line; a test that awaits another one fails.</summary>
        public string Next() => _lines.TryTake(out string? line, Patience) ? line : "no line came in time";

        public void WriteLine(string message)
        {
            if (_isOver)
            {
                _refused.Set();
                throw new InvalidOperationException("There is no currently active test.");
            }
            _lines.Add(message);
        }

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(null, format, args));
    }

    private sealed class Kit(ITestOutputHelper? output) : Akka.TestKit.Xunit2.TestKit(
        "akka { loglevel = INFO, stdout-loglevel = OFF, test.single-expect-default = 20s }", output);

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    [EmbeddedFact("Akka.NET writes to the output by a logger that this output does not get")]
    public void Log_lines_are_shown_with_the_test()
    {
        Lines lines = new();
        using Kit kit = new(lines);
        kit.Sys.Log.Debug("below the level");
        kit.Sys.Log.Warning("said in the test");
        Assert.Contains("said in the test", lines.Next(), StringComparison.Ordinal);
    }

    [EmbeddedFact("Akka.NET writes to the output by a logger that this output does not get")]
    public void A_line_after_the_test_disturbs_nobody()
    {
        Lines lines = new();
        using Kit kit = new(lines);
        lines.IsOver = true;
        kit.Sys.Log.Warning("too late");
        Assert.True(lines.WillRefuse());
        lines.IsOver = false;
        IActorRef echo = kit.Sys.ActorOf(Props.Create<Echo>());
        echo.Tell("still there", kit.TestActor);
        Assert.Equal("still there", kit.ExpectMsg<string>());
        kit.Sys.Log.Warning("and heard");
        Assert.Contains("and heard", lines.Next(), StringComparison.Ordinal);
    }

    /// <summary>Each on a thread of its own, with the kit as the sender that nobody names.</summary>
    [Fact]
    public void Kits_at_the_same_time_do_not_disturb_one_another()
    {
        const int kits = 4;
        ConcurrentQueue<string> failures = new();
        using Barrier start = new(kits);
        Thread[] threads = [.. Enumerable.Range(0, kits).Select(number => new Thread(() =>
        {
            try
            {
                using Kit kit = new(null);
                start.SignalAndWait(Patience);
                IActorRef echo = kit.Sys.ActorOf(Props.Create<Echo>());
                for (int round = 0; round < 50; round++)
                {
                    string mine = $"{number}: {round}";
                    echo.Tell(mine);
                    Assert.Equal(mine, kit.ExpectMsg<string>());
                    kit.EventFilter.Warning(mine).ExpectOne(() => kit.Sys.Log.Warning(mine));
                }
                Assert.False(kit.HasMessages);
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure.ToString());
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.Empty(failures);
    }
}
