using Akka.Actor;
using Akka.Event;

namespace Iridium.Benchmarks.Actors;

internal sealed record Ball
{
    public static readonly Ball Instance = new();
}

/// <summary>Two actors that send the same object to and fro.</summary>
internal static class PingPong
{
    public static void Run(ActorSystem system, int pairs, int messages, int inFlight)
    {
        using CountdownEvent left = new(pairs);
        List<IActorRef> all = [];
        List<(IActorRef Ping, IActorRef Pong)> games = [];
        for (int pair = 0; pair < pairs; pair++)
        {
            IActorRef pong = system.ActorOf(Props.Create(() => new Returner()));
            IActorRef ping = system.ActorOf(Props.Create(() => new Counter(pong, messages / pairs / 2, left)));
            games.Add((ping, pong));
            all.AddRange([ping, pong]);
        }
        foreach ((IActorRef ping, IActorRef pong) in games)
            for (int ball = 0; ball < inFlight; ball++) pong.Tell(Ball.Instance, ping);
        left.Wait();
        foreach (IActorRef actor in all) system.Stop(actor);
    }

    private sealed class Returner : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Counter(IActorRef other, int rounds, CountdownEvent left) : UntypedActor
    {
        private int _rounds = rounds;

        protected override void OnReceive(object message)
        {
            if (--_rounds > 0) other.Tell(message, Self);
            else if (_rounds == 0) left.Signal();
        }
    }
}

/// <summary>Threads outside the system that all send to one actor.</summary>
internal static class ManyToOne
{
    public static void Run(ActorSystem system, int senders, int each)
    {
        using ManualResetEventSlim done = new();
        IActorRef sink = system.ActorOf(Props.Create(() => new Sink(senders * each, done)));
        IActorRef[] sources = new IActorRef[senders];
        for (int index = 0; index < senders; index++) sources[index] = system.ActorOf(Props.Create(() => new Source(sink, each)));
        foreach (IActorRef source in sources) source.Tell(Ball.Instance);
        done.Wait();
        foreach (IActorRef source in sources) system.Stop(source);
        system.Stop(sink);
    }

    /// <summary>Sends in portions, as an actor that lives among others does.</summary>
    private sealed class Source(IActorRef sink, int count) : UntypedActor
    {
        private int _left = count;

        protected override void OnReceive(object message)
        {
            for (int sent = 0; sent < 100 && _left > 0; sent++, _left--) sink.Tell(message, Self);
            if (_left > 0) Self.Tell(message);
        }
    }

    private sealed class Sink(int expected, ManualResetEventSlim done) : UntypedActor
    {
        private int _left = expected;

        protected override void OnReceive(object message)
        {
            if (--_left == 0) done.Set();
        }
    }
}

/// <summary>A message that goes round.</summary>
internal static class Ring
{
    public static void Run(ActorSystem system, int members, int hops)
    {
        using ManualResetEventSlim done = new();
        IActorRef[] all = new IActorRef[members];
        for (int index = 0; index < members; index++) all[index] = system.ActorOf(Props.Create(() => new Member(hops / members, done)));
        for (int index = 0; index < members; index++) all[index].Tell(all[(index + 1) % members]);
        all[0].Tell(Ball.Instance);
        done.Wait();
        foreach (IActorRef member in all) system.Stop(member);
    }

    private sealed class Member(int rounds, ManualResetEventSlim done) : UntypedActor
    {
        private IActorRef _next = ActorRefs.Nobody;
        private int _rounds = rounds;

        protected override void OnReceive(object message)
        {
            if (message is IActorRef next) _next = next;
            else if (_rounds-- > 0) _next.Tell(message, Self);
            else done.Set();
        }
    }
}

/// <summary>Round trips of a caller that is no actor, one after the other.</summary>
internal static class Asking
{
    public static void Run(ActorSystem system, int count) => RunAsync(system, count).Wait();

    private static async Task RunAsync(ActorSystem system, int count)
    {
        IActorRef echo = system.ActorOf(Props.Create(() => new Echo()));
        Task[] askers = new Task[16];
        for (int asker = 0; asker < askers.Length; asker++) askers[asker] = Task.Run(() => AskMany(echo, count / 16));
        await Task.WhenAll(askers);
        system.Stop(echo);
    }

    private static async Task AskMany(IActorRef echo, int count)
    {
        for (int asked = 0; asked < count; asked++) await echo.Ask<Ball>(Ball.Instance);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}

/// <summary>One event for many subscribers.</summary>
internal static class Publishing
{
    public static void Run(ActorSystem system, int subscribers, int events)
    {
        using CountdownEvent left = new(subscribers);
        List<IActorRef> all = [];
        for (int index = 0; index < subscribers; index++)
        {
            IActorRef subscriber = system.ActorOf(Props.Create(() => new Subscriber(events, left)));
            system.EventStream.Subscribe(subscriber, typeof(Ball));
            all.Add(subscriber);
        }
        for (int sent = 0; sent < events; sent++) system.EventStream.Publish(Ball.Instance);
        left.Wait();
        foreach (IActorRef subscriber in all) system.EventStream.Unsubscribe(subscriber);
        foreach (IActorRef subscriber in all) system.Stop(subscriber);
    }

    private sealed class Subscriber(int expected, CountdownEvent left) : UntypedActor
    {
        private int _left = expected;

        protected override void OnReceive(object message)
        {
            if (--_left == 0) left.Signal();
        }
    }
}

/// <summary>Actors made by an actor, until the last of them has handled a message, or until all have stopped.</summary>
internal static class Spawning
{
    private static IActorRef s_nursery = ActorRefs.Nobody;

    public static void Raise(ActorSystem system, int count)
    {
        s_nursery = system.ActorOf(Props.Create<Nursery>());
        s_nursery.Ask<int>(new Nursery.Raise(Props.Create<IdleUntyped>(), count)).Wait();
    }

    public static void RaiseAndStop(ActorSystem system, int count)
    {
        s_nursery = system.ActorOf(Props.Create<Nursery>());
        s_nursery.Ask<int>(new Nursery.RaiseAndStop(Props.Create<IdleUntyped>(), count)).Wait();
    }

    /// <summary>Until nothing of it is left; no part of the measurement.</summary>
    public static void Clear() => s_nursery.GracefulStop(TimeSpan.FromMinutes(2)).Wait();
}

internal sealed class Nursery : ReceiveActor
{
    public sealed record Raise(Props Props, int Count);

    public sealed record RaiseAndStop(Props Props, int Count);

    private int _left;
    private IActorRef _asker = ActorRefs.Nobody;

    public Nursery()
    {
        Receive<Raise>(raise =>
        {
            _asker = Sender;
            IActorRef last = ActorRefs.Nobody;
            for (int made = 0; made < raise.Count; made++) last = Context.ActorOf(raise.Props);
            last.Tell(Ball.Instance);
        });
        Receive<RaiseAndStop>(raise =>
        {
            _asker = Sender;
            _left = raise.Count;
            for (int made = 0; made < raise.Count; made++)
            {
                IActorRef child = Context.ActorOf(raise.Props);
                Context.Watch(child);
                Context.Stop(child);
            }
        });
        Receive<Terminated>(_ =>
        {
            if (--_left == 0) _asker.Tell(0);
        });
        Receive<Ball>(_ => _asker.Tell(0));
    }
}

internal sealed class IdleUntyped : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message);
}

internal sealed class IdleReceive : ReceiveActor
{
    public IdleReceive() => Receive<Ball>(ball => Sender.Tell(ball));
}
