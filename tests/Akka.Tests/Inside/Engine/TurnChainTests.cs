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

    /// <summary>Handles more messages than one turn may, and wakes at the first one somebody who waits for the
    /// last.</summary>
    private sealed class Batch(IActorRef waiting, int count) : UntypedActor
    {
        private readonly ManualResetEventSlim _done = new();
        private int _handled;

        protected override void OnReceive(object message)
        {
            if (++_handled == 1) waiting.Tell(_done, (IActorRef)message);
            if (_handled == count) _done.Set();
        }
    }

    private sealed class Waiting : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(((ManualResetEventSlim)message).Wait(Patience));
    }

    private sealed class Sending(int count, IActorRef asker) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            for (int sent = 0; sent < count; sent++) ((IActorRef)message).Tell(asker);
        }
    }

    /// <summary>The batch's second turn is to follow the one that waits for it; it too goes to another thread.</summary>
    [Fact]
    public async Task A_used_up_turn_goes_on_though_the_one_it_woke_blocks()
    {
        const int count = 200;
        for (int time = 0; time < 10; time++)
        {
            TaskCompletionSource<bool> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
            IActorRef asker = _system.ActorOf(Props.Create(() => new Telling(told)));
            IActorRef waiting = _system.ActorOf(Props.Create<Waiting>());
            IActorRef batch = _system.ActorOf(Props.Create(() => new Batch(waiting, count)));
            _system.ActorOf(Props.Create(() => new Sending(count, asker))).Tell(batch);
            Assert.True(await told.Task.WaitAsync(2 * Patience));
        }
    }

    private sealed class Telling(TaskCompletionSource<bool> told) : UntypedActor
    {
        protected override void OnReceive(object message) => told.SetResult((bool)message);
    }

    private sealed class Piece(int[] done, int number) : IThreadPoolWorkItem
    {
        public void Execute() => Interlocked.Increment(ref done[number]);
    }

    private sealed class Places
    {
        public Following Following;
    }

    /// <summary>One thread leaves and takes, another steals all the time: every piece is had once, by one of them.</summary>
    [Fact]
    public void What_is_to_follow_is_taken_by_one_thread_only()
    {
        const int rounds = 20_000;
        Places places = new();
        int[] done = new int[3 * rounds];
        int stolen = 0;
        int given = 0;
        using ManualResetEventSlim end = new();
        Hammer.Run(2, 1, (number, _) =>
        {
            if (number == 1)
            {
                while (!end.IsSet)
                {
                    (IThreadPoolWorkItem? woken, IThreadPoolWorkItem? again, IThreadPoolWorkItem? late) =
                        places.Following.Steal();
                    woken?.Execute();
                    again?.Execute();
                    late?.Execute();
                    if (woken is not null) stolen++;
                    if (again is not null) stolen++;
                    if (late is not null) stolen++;
                }
                return;
            }
            for (int round = 0; round < rounds; round++)
            {
                if (places.Following.TryPlaceWoken(new Piece(done, given))) given++;
                if (round % 3 == 0 && places.Following.TryPlaceAgain(new Piece(done, given))) given++;
                if (round % 2 == 0 && places.Following.TryPlaceLate(new Piece(done, given))) given++;
                places.Following.Take()?.Execute();
            }
            while (places.Following.Take() is { } work) work.Execute();
            end.Set();
        });
        Assert.All(done.Take(given), times => Assert.Equal(1, times));
        Assert.True(places.Following.IsEmpty);
        Assert.InRange(stolen, 0, given);
    }

    /// <summary>Neither kind keeps the other waiting, though both come again and again.</summary>
    [Fact]
    public void What_is_to_follow_comes_in_the_order_in_which_it_was_left()
    {
        Following following = new();
        int[] done = new int[4];
        Piece woken = new(done, 0);
        Piece again = new(done, 1);
        Assert.True(following.TryPlaceWoken(woken));
        Assert.False(following.TryPlaceWoken(new Piece(done, 2)));
        Assert.True(following.TryPlaceAgain(again));
        Assert.False(following.TryPlaceAgain(new Piece(done, 3)));
        Assert.Same(woken, following.Take());
        Assert.True(following.TryPlaceWoken(woken));
        Assert.Same(again, following.Take());
        Assert.True(following.TryPlaceAgain(again));
        Assert.Same(woken, following.Take());
        Assert.Same(again, following.Take());
        Assert.Null(following.Take());
    }

    /// <summary>What gains by coming late comes when nothing else follows, and behind others not for ever.</summary>
    [Fact]
    public void What_comes_late_waits_for_a_few_others_and_no_more()
    {
        Following following = new();
        int[] done = new int[3];
        Piece late = new(done, 0);
        Piece woken = new(done, 1);
        Assert.True(following.TryPlaceLate(late));
        Assert.False(following.TryPlaceLate(new Piece(done, 2)));
        Assert.Same(late, following.Take());
        Assert.True(following.IsEmpty);

        Assert.True(following.TryPlaceLate(late));
        for (int others = 0; others < Following.MostBeforeLate; others++)
        {
            Assert.True(following.TryPlaceWoken(woken));
            Assert.Same(woken, following.Take());
        }
        Assert.True(following.TryPlaceWoken(woken));
        Assert.Same(late, following.Take());
        Assert.Same(woken, following.Take());
        Assert.Null(following.Take());
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

    /// <summary>More pairs than threads, each busy with itself for ever, with one ball or with so many that it uses up
    /// every turn; others still get theirs.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Actors_that_keep_one_another_busy_let_others_in(int balls)
    {
        for (int pair = 0; pair < 2 * Environment.ProcessorCount; pair++)
        {
            IActorRef one = _system.ActorOf(Props.Create<Endless>());
            IActorRef other = _system.ActorOf(Props.Create<Endless>());
            for (int ball = 0; ball < balls; ball++) one.Tell("ball", other);
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
