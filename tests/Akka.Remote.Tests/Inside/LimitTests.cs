using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Delivery;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Transport;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>What waits for a peer is bounded, and what comes on top has a known fate.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly Mail _mail = new();
    private readonly StartedSystems _systems = new();

    // Takes connections, as the kernel does for a process that is stopped, and says nothing.
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);

    public LimitTests() => _silent.Start();

    public void Dispose()
    {
        _systems.Dispose();
        _silent.Dispose();
    }

    [Fact]
    public void Messages_that_wait_for_a_connection_are_bounded()
    {
        ActorSystem system = Start("akka.remote.outbound-queue-messages = 10");
        system.EventStream.Subscribe(Keeper(system), typeof(DeadLetter));
        IActorRef remote = Silent(system);
        for (int number = 1; number <= 13; number++) remote.Tell("letter " + number);
        string[] buried = [Letter(), Letter(), Letter()];
        Assert.Equal(["letter 11", "letter 12", "letter 13"], buried);
    }

    [Fact]
    public void Bytes_that_wait_for_a_peer_to_read_are_bounded_and_others_are_not_kept_waiting()
    {
        ActorSystem system = Start("akka.remote.outbound-queue-bytes = 1 MiB");
        system.EventStream.Subscribe(Keeper(system), typeof(DeadLetter));
        IActorRef flood = system.ActorOf(Props.Create<Flood>(), "flood");
        string path = flood.Path.ToSerializationFormatWithAddress(AddressOf(system));
        using RawPeer deaf = new RawPeer(AddressOf(system)).Associate();
        deaf.Send(path, 17, "S", "start"u8.ToArray(), sender: deaf.Root + "user/deaf");
        while (_mail.Take<DeadLetter>().Message is not byte[])
        {
        }
        using RawPeer other = new RawPeer(AddressOf(system), port: 4712).Associate();
        string echo = system.ActorOf(Props.Create<Echo>()).Path.ToSerializationFormatWithAddress(AddressOf(system));
        other.Send(echo, 17, "S", "hello"u8.ToArray(), sender: other.Root + "user/me");
        Assert.Equal("hello", Encoding.UTF8.GetString(other.ReadMessage().Body));
    }

    [Fact]
    public void System_messages_that_wait_are_bounded_and_beyond_it_the_peer_counts_as_dead()
    {
        ActorSystem system = Start("akka.remote.system-message-buffer-size = 5");
        IActorRef keeper = Keeper(system);
        for (int number = 1; number <= 6; number++)
        {
            string path = $"{SilentAddress}/user/a{number}";
            keeper.Tell(new WatchIt(((ExtendedActorSystem)system).Provider.ResolveActorRef(path)));
        }
        for (int number = 1; number <= 6; number++) Assert.True(_mail.Take<Terminated>().AddressTerminated);
    }

    [Fact]
    public void Peers_that_cannot_be_reached_and_have_system_messages_waiting_are_bounded_and_the_first_is_given_up()
    {
        ActorSystem system = Start("akka.remote.watch-failure-detector.acceptable-heartbeat-pause = 1h");
        IActorRef keeper = Keeper(system);
        for (int number = 0; number <= Remoting.PeersRemembered; number++)
        {
            string path = $"akka.tcp://Life{number}@127.0.0.1:1/user/a";
            keeper.Tell(new WatchIt(((ExtendedActorSystem)system).Provider.ResolveActorRef(path)));
        }
        Terminated first = _mail.Take<Terminated>();
        Assert.Equal(("Life0", true), (first.ActorRef.Path.Address.System, first.AddressTerminated));
    }

    [Fact]
    public void Who_has_been_at_rest_for_longest_goes_first_and_those_for_whom_something_waits_count_by_themselves()
    {
        RestingPeers<string> resting = new(2);
        Assert.Equal("a quiet: ; b quiet: ; c waits: ; d waits: ", Rest("a", "b", "c!", "d!"));
        Assert.Equal("e waits: c", Rest("e!"));
        Assert.Equal("a quiet: ; f quiet: a", Rest("a", "f"));
        Assert.Equal("b quiet again: ; g quiet: f", Rest("b.", "g"));
        Assert.Equal("b waits: d; h quiet: ", Rest("b!", "h"));
        resting.Leave("g");
        Assert.Equal("a quiet: ; c quiet: h", Rest("a", "c"));

        string Rest(params string[] peers) => string.Join("; ", peers.Select(each =>
        {
            (string peer, bool waits, bool anew) = (each[..1], each.EndsWith('!'), each.EndsWith('.'));
            resting.Rests(peer, waits, anew, out string? surplus);
            return $"{peer} {(waits ? "waits" : "quiet")}{(anew ? " again" : "")}: {surplus}";
        }));
    }

    [Theory]
    [InlineData(256, 1, 1, "a name in it has more than 255 characters")]
    [InlineData(100_000, 1, 1, "its path has more than 8192 characters")]
    [InlineData(1, 256, 1, "a name in it has more than 255 characters")]
    [InlineData(1, 1, 9_000, "its path has more than 8192 characters")]
    public void A_sender_with_a_name_that_nobody_has_stands_for_the_dead_letters_and_nothing_is_kept_of_it(
        int host, int name, int path, string complaint)
    {
        ActorSystem system = Start("akka.loglevel = WARNING, akka.loggers = []");
        IActorRef keeper = Keeper(system);
        system.EventStream.Subscribe(keeper, typeof(Warning));
        string echo = system.ActorOf(Props.Create<Echo>()).Path.ToSerializationFormatWithAddress(AddressOf(system));
        using RawPeer peer = new RawPeer(AddressOf(system)).Associate();
        string sender = Named(host, name, path);
        for (int time = 0; time < 3; time++) peer.Send(echo, 17, "S", "hello"u8.ToArray(), sender: sender);
        peer.Send(echo, 17, "S", "last"u8.ToArray(), sender: peer.Root + "user/me");
        Assert.Equal("last", Encoding.UTF8.GetString(peer.ReadMessage().Body));
        Assert.True(Address.TryParse(sender, out Address? address));
        Assert.Null(RARP.For(system).Provider.Remoting.Outboxes.Find(address!));
        Assert.EndsWith(complaint + ".", _mail.Take<Warning>().Message.ToString());
        keeper.Tell("no more");
        Assert.Equal("no more", _mail.Take());
    }

    [Fact]
    public void Names_and_paths_that_are_long_but_not_too_long_are_those_of_other_nodes()
    {
        IActorRefProvider provider = ((ExtendedActorSystem)Start("")).Provider;
        Assert.IsType<RemoteActorRef>(provider.ResolveActorRef(Named(host: 255, name: 255, path: 7_000)));
        Assert.Same(provider.DeadLetters, provider.ResolveActorRef(Named(host: 255, name: 256, path: 1)));
    }

    [Fact]
    public void A_long_path_of_this_systems_own_is_no_other_nodes()
    {
        ActorSystem system = Start("");
        IActorRef echo = system.ActorOf(Props.Create<Echo>(), new string('e', 9_000));
        using RawPeer peer = new RawPeer(AddressOf(system)).Associate();
        string path = echo.Path.ToSerializationFormatWithAddress(AddressOf(system));
        peer.Send(path, 17, "S", "hello"u8.ToArray(), sender: peer.Root + "user/me");
        Assert.Equal("hello", Encoding.UTF8.GetString(peer.ReadMessage().Body));
        Assert.Equal(echo, ((ExtendedActorSystem)system).Provider.ResolveActorRef(path));
    }

    [Fact]
    public async Task Addresses_that_a_peer_names_are_dialled_a_few_at_a_time()
    {
        ActorSystem system = Start("akka.remote.limits.dials = 2");
        TcpListener[] named = [.. Enumerable.Range(0, 4).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            string echo = system.ActorOf(Props.Create<Echo>()).Path.ToSerializationFormatWithAddress(AddressOf(system));
            using RawPeer peer = new RawPeer(AddressOf(system)).Associate();
            foreach (TcpListener each in named)
            {
                each.Start();
                int port = ((IPEndPoint)each.LocalEndpoint).Port;
                peer.Send(echo, 17, "S", "hello"u8.ToArray(), sender: $"akka.tcp://Pair@127.0.0.1:{port}/user/named");
            }
            peer.Send(echo, 17, "S", "last"u8.ToArray(), sender: peer.Root + "user/me");
            Assert.Equal("last", Encoding.UTF8.GetString(peer.ReadMessage().Body));
            using TcpClient first = await named[0].AcceptTcpClientAsync().WaitAsync(Patience);
            using TcpClient second = await named[1].AcceptTcpClientAsync().WaitAsync(Patience);
            Assert.False(named[2].Pending());
            second.Dispose();
            using TcpClient third = await named[2].AcceptTcpClientAsync().WaitAsync(Patience);
            Assert.False(named[3].Pending());
        }
        finally
        {
            foreach (TcpListener each in named) each.Dispose();
        }
    }

    private static string Named(int host, int name, int path) =>
        $"akka.tcp://{new string('n', name)}@{new string('h', host)}:4711/user/"
            + string.Concat(Enumerable.Repeat("a/", path / 2)) + "a";

    private string SilentAddress => $"akka.tcp://Pair@127.0.0.1:{((IPEndPoint)_silent.LocalEndpoint).Port}";

    private string Letter()
    {
        while (true)
        {
            if (_mail.Take<DeadLetter>().Message is string text) return text;
        }
    }

    private IActorRef Silent(ActorSystem system) =>
        ((ExtendedActorSystem)system).Provider.ResolveActorRef(SilentAddress + "/user/nobody");

    private IActorRef Keeper(ActorSystem system) => system.ActorOf(Props.Create(() => new Keeper(_mail)));

    private ActorSystem Start(string config) =>
        _systems.Start(ConfigurationFactory.ParseString(config).WithFallback(
            ConfigurationFactory.ParseString("""
                akka {
                  loglevel = OFF
                  stdout-loglevel = OFF
                  actor.provider = remote
                  remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
                }
                """)));

    /// <summary>Sends its asker more than sockets and queues hold.</summary>
    private sealed class Flood : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            for (int sent = 0; sent < 400; sent++) Sender.Tell(new byte[100_000]);
        }
    }
}
