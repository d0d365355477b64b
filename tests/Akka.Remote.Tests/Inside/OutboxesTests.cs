using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>What is kept of peers that come and go, and of addresses that somebody only named; and that no letter is lost
/// with what is not kept.</summary>
public sealed class OutboxesTests : IDisposable
{
    private const int Lives = 3_000;

    private readonly List<TcpListener> _taken = [];
    private readonly ActorSystem _system = ActorSystem.Create("Pair", ConfigurationFactory.ParseString("""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          actor.provider = remote
          remote {
            retry-gate-first-closed-for = 1ms
            retry-gate-closed-for = 1ms
            dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          }
        }
        """));

    private Remoting Remoting => RARP.For(_system).Provider.Remoting;

    public void Dispose()
    {
        _system.Terminate().Wait(Patience);
        foreach (TcpListener taken in _taken) taken.Dispose();
    }

    [Fact]
    public async Task Thousands_of_addresses_that_lead_to_nobody_leave_nothing_behind_and_their_letters_are_dead_letters()
    {
        int port = Unheard();
        DeadLetters dead = Bury(Lives);
        for (int life = 0; life < Lives; life++) Named($"Life{life}", port).Tell("hello");
        await dead.AreAll();
        await NoneIsLeft();
    }

    [Fact]
    public async Task Letters_to_an_address_whose_outbox_comes_and_goes_are_all_accounted_for()
    {
        const int letters = 60_000;
        int port = Unheard();
        DeadLetters dead = Bury(2 * letters);
        IActorRef[] peers = [.. Enumerable.Range(0, 4).Select(peer => Named("Life" + peer, port))];
        void Send(int sender)
        {
            for (int letter = 0; letter < letters; letter++)
            {
                peers[(letter + sender) % peers.Length].Tell("hello");
                // The outboxes come and go meanwhile.
                if (letter % 10 == 0) Thread.Yield();
            }
        }
        await Task.WhenAll(Task.Run(() => Send(0)), Task.Run(() => Send(1)));
        await dead.AreAll();
        await NoneIsLeft();
    }

    [Fact]
    public void Of_those_that_led_to_somebody_the_ones_that_rest_longest_go()
    {
        Outboxes outboxes = new(peer => new Outbox(peer, Remoting, 10), most: 3);
        for (int life = 1; life <= Lives; life++)
        {
            Outbox outbox = Met(outboxes, life);
            outbox.Idle();
            outboxes.Rest(outbox);
            // The first is met again and again.
            outboxes.Rest(outboxes.Of(PeerAt(1)));
            Assert.True(outboxes.Count <= 3);
        }
        Assert.Equal(1, outboxes.Find(PeerAt(1))!.Last!.Uid);
        Assert.Equal(Lives, outboxes.Find(PeerAt(Lives))!.Last!.Uid);
        Assert.Null(outboxes.Find(PeerAt(Lives - 2)));
    }

    [Fact]
    public void One_that_is_in_use_stays_however_many_come_to_rest()
    {
        Outboxes outboxes = new(peer => new Outbox(peer, Remoting, 10), most: 3);
        Outbox open = Met(outboxes, 1), rests = Met(outboxes, 2);
        open.Idle();
        outboxes.Rest(open);
        open.OpenOn(Link(1));
        for (int life = 2; life <= 10; life++)
        {
            Outbox outbox = Met(outboxes, life);
            outbox.Idle();
            outboxes.Rest(outbox);
        }
        Assert.Same(open, outboxes.Of(PeerAt(1)));
        Assert.NotNull(open.Open);
        Assert.NotSame(rests, outboxes.Of(PeerAt(2)));
    }

    [Fact]
    public async Task After_the_end_letters_to_addresses_that_are_new_are_dead_letters_too()
    {
        DeadLetters dead = Bury(2);
        Outboxes outboxes = new(peer => new Outbox(peer, Remoting, 10), most: 3);
        Outbox gone = outboxes.Of(PeerAt(1));
        outboxes.Rest(gone);
        outboxes.Stop();
        Letter letter = new("hello", null, (RemoteActorRef)Named("Life", Unheard()));
        Assert.False(gone.TrySend(letter));
        Assert.True(outboxes.After(gone).TrySend(letter));
        Assert.True(outboxes.Of(PeerAt(2)).TrySend(letter));
        await dead.AreAll();
    }

    private static Address PeerAt(int life) => new("akka.tcp", "Pair", "10.9.8.7", life);

    private Outbox Met(Outboxes outboxes, int life)
    {
        Outbox outbox = outboxes.Of(PeerAt(life));
        outbox.OpenOn(Link(life));
        return outbox;
    }

    private Link Link(int life) =>
        new(1, isDialler: true, Remoting.Switchboard, Remoting.Settings.Frames, log: null) { Uid = life };

    private IActorRef Named(string system, int port) =>
        RARP.For(_system).Provider.ResolveActorRef($"akka.tcp://{system}@127.0.0.1:{port}/user/nobody");

    /// <summary>A port that is taken, and on which nobody listens.</summary>
    private int Unheard()
    {
        TcpListener unused = new(IPAddress.Loopback, 0);
        unused.Server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _taken.Add(unused);
        return ((IPEndPoint)unused.Server.LocalEndPoint!).Port;
    }

    private DeadLetters Bury(int expected)
    {
        DeadLetters dead = new(_system, expected);
        IActorRef counter = _system.ActorOf(Props.Create(() => new Counter(dead)));
        _system.EventStream.Subscribe(counter, typeof(DeadLetter));
        return dead;
    }

    private async Task NoneIsLeft()
    {
        TaskCompletionSource emptied = new();
        Remoting.Outboxes.Emptied = () => emptied.TrySetResult();
        if (Remoting.Outboxes.Count > 0) await emptied.Task.WaitAsync(Patience);
    }

    private sealed class DeadLetters(ActorSystem system, int expected)
    {
        private readonly TaskCompletionSource _enough = new();
        private readonly TaskCompletionSource _last = new();
        private int _count;

        public void Add()
        {
            if (++_count == expected) _enough.TrySetResult();
        }

        public void End() => _last.TrySetResult();

        public async Task AreAll()
        {
            await Task.WhenAny(_enough.Task.WaitAsync(Patience));
            // What is behind them would be one too many; and how many there are is of interest when they are too few.
            system.EventStream.Publish(new DeadLetter("last", system.DeadLetters, system.DeadLetters));
            await _last.Task.WaitAsync(Patience);
            Assert.Equal(expected, _count);
        }
    }

    private sealed class Counter(DeadLetters dead) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is DeadLetter { Message: "hello" }) dead.Add();
            else if (message is DeadLetter { Message: "last" }) dead.End();
        }
    }
}
