using Akka.Actor;
using Akka.Configuration;
using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>Turns that follow one another on one thread (home three): nothing is lost, nobody is kept waiting.</summary>
public sealed class TurnChainTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _system = ActorSystem.Create("chain",
        ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate().WaitAsync(Patience);

    private sealed record Ball(int Hops, int Seed);

    private sealed class Player(IActorRef[] others, CountdownEvent left) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            Ball ball = (Ball)message;
            if (ball.Hops == 0)
            {
                left.Signal();
                return;
            }
            int seed = unchecked(ball.Seed * 1_103_515_245 + 12_345) & int.MaxValue;
            others[seed % others.Length].Tell(new Ball(ball.Hops - 1, seed));
        }
    }

    /// <summary>Balls from many threads among actors that pass each on: every one comes to its end, once.</summary>
    [Fact]
    public void No_turn_is_lost_or_taken_twice()
    {
        const int threads = 4;
        const int each = 200;
        using CountdownEvent left = new(threads * each);
        IActorRef[] players = new IActorRef[50];
        for (int index = 0; index < players.Length; index++)
            players[index] = _system.ActorOf(Props.Create(() => new Player(players, left)));
        Hammer.Run(threads, each, (number, round) => players[number].Tell(new Ball(500, number * each + round)));
        Assert.True(left.Wait(Patience), $"{left.CurrentCount} balls were lost.");
    }

    private sealed class Opener : UntypedActor
    {
        protected override void OnReceive(object message) => ((ManualResetEventSlim)message).Set();
    }

    private sealed class Blocker(IActorRef other) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            using ManualResetEventSlim gate = new();
            other.Tell(gate);
            Sender.Tell(gate.Wait(Patience));
        }
    }

    /// <summary>The other is to follow the turn that waits for it; the watchman, asleep before, gives it to another
    /// thread.</summary>
    [Fact]
    public async Task Work_does_not_wait_behind_a_turn_that_blocks()
    {
        IActorRef opener = _system.ActorOf(Props.Create<Opener>());
        IActorRef blocker = _system.ActorOf(Props.Create(() => new Blocker(opener)));
        for (int time = 0; time < 20; time++)
        {
            if (time % 2 == 0) SpinWait.SpinUntil(() => !TurnChain.IsWatched, TimeSpan.FromMilliseconds(50));
            Assert.True(await blocker.Ask<bool>("block", Patience));
        }
    }

    private static readonly AsyncLocal<string?> Ambient = new();

    private sealed class Setter(IActorRef other) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            Ambient.Value = "the setter's";
            other.Forward(message);
        }
    }

    private sealed class Reader : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(Ambient.Value ?? "nothing");
    }

    [Fact]
    public async Task What_one_actor_keeps_in_the_ambience_of_its_turn_no_other_sees()
    {
        IActorRef reader = _system.ActorOf(Props.Create<Reader>());
        IActorRef setter = _system.ActorOf(Props.Create(() => new Setter(reader)));
        for (int time = 0; time < 50; time++) Assert.Equal("nothing", await setter.Ask<string>("?", Patience));
    }

    private sealed class Endless : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    /// <summary>As many pairs as threads, each pair busy with itself for ever; others still get their turn.</summary>
    [Fact]
    public async Task Actors_that_keep_one_another_busy_let_others_in()
    {
        for (int pair = 0; pair < 2 * Environment.ProcessorCount; pair++)
        {
            IActorRef one = _system.ActorOf(Props.Create<Endless>());
            one.Tell("ball", _system.ActorOf(Props.Create<Endless>()));
        }
        for (int time = 0; time < 10; time++)
        {
            TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
            IActorRef late = _system.ActorOf(Props.Create(() => new Answering(opened)));
            late.Tell("open");
            await opened.Task.WaitAsync(Patience);
        }
    }

    private sealed class Answering(TaskCompletionSource opened) : UntypedActor
    {
        protected override void OnReceive(object message) => opened.SetResult();
    }
}
