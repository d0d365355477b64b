using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Association;
using Akka.Remote.Probing;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>Who asks a real node on a connection of its own.</summary>
public sealed class ProbeDeskTests : IDisposable
{
    private const string Secret = "akka.remote.secret = \"one secret of the cluster\"";

    private readonly StartedSystems _systems = new();

    public void Dispose() => _systems.Dispose();

    [Fact]
    public void A_question_is_answered_with_the_number_of_this_life_and_nothing_else()
    {
        ActorSystem system = Start();
        using RawPeer stranger = new(AddressOf(system));
        for (long number = 1; number <= 5; number++)
        {
            stranger.Send(Question(number).ToFrame(bigEndian: false));
            Assert.True(ProbeFrame.TryRead(stranger.ReadFrame(), out ProbeFrame answer));
            Assert.Equal(new ProbeFrame(ProbeFrameKind.Answer, number, RARP.For(system).Provider.Uid), answer);
        }
    }

    [Fact]
    public void A_life_that_was_quarantined_hears_that_it_was_and_the_next_at_its_address_does_not()
    {
        ActorSystem system = Start();
        RARP.For(system).Provider.Quarantine(Address.Parse("akka.tcp://Pair@127.0.0.1:9"), 77);
        foreach ((long uid, ProbeFrameKind said) in new[] { (77L, ProbeFrameKind.Refusal), (78L, ProbeFrameKind.Answer) })
        {
            using RawPeer peer = new(AddressOf(system));
            peer.Send(new ProbeFrame(ProbeFrameKind.Ask, 1, uid).ToFrame(bigEndian: false));
            Assert.True(ProbeFrame.TryRead(peer.ReadFrame(), out ProbeFrame answer));
            Assert.Equal(new ProbeFrame(said, 1, RARP.For(system).Provider.Uid), answer);
        }
    }

    [Fact]
    public void On_such_a_connection_nothing_else_is_taken()
    {
        ActorSystem system = Start();
        foreach (bool large in new[] { false, true })
        {
            using RawPeer stranger = new(AddressOf(system));
            stranger.Send(Question(1).ToFrame(bigEndian: false));
            Assert.NotNull(stranger.ReadFrame());
            if (large) stranger.Send(new byte[] { 65, 0, 0, 0 });
            else stranger.Send(new Control(ControlCommand.Associate, stranger.Self));
            Assert.True(stranger.IsClosedByPeer());
        }
    }

    [Fact]
    public void A_question_that_comes_after_a_greeting_is_out_of_place()
    {
        ActorSystem system = Start();
        using RawPeer peer = new RawPeer(AddressOf(system)).Associate();
        peer.Send(Question(1).ToFrame(bigEndian: false));
        Assert.True(peer.IsClosedByPeer());
    }

    [Fact]
    public void There_is_a_most_of_such_connections_and_one_that_asks_nothing_more_is_closed()
    {
        ActorSystem system = Start("akka.remote.dot-netty.tcp.connection-timeout = 300ms");
        // Three addresses of this machine, each with a third.
        RawPeer[] crowd = [.. Enumerable.Range(0, ProbeDesk.MostConnections + 1)
            .Select(number => From(system, IPAddress.Parse($"127.0.0.{2 + number % 3}")))];
        foreach (RawPeer each in crowd) each.Send(Question(1).ToFrame(bigEndian: false));
        Assert.Equal(1, crowd.Count(each => each.ReadFrame() is null));
        Assert.All(crowd, each => Assert.True(each.IsClosedByPeer()));
        foreach (RawPeer each in crowd) each.Dispose();

        using RawPeer next = new(AddressOf(system));
        next.Send(Question(1).ToFrame(bigEndian: false));
        Assert.NotNull(next.ReadFrame());
    }

    [Fact]
    public void One_address_cannot_fill_the_desk()
    {
        ActorSystem system = Start();
        IPAddress greedy = IPAddress.Parse("127.0.0.2"), modest = IPAddress.Parse("127.0.0.3");
        RawPeer[] crowd =
            [.. Enumerable.Range(0, ProbeDesk.MostOfOneAddress + 3).Select(_ => From(system, greedy))];
        foreach (RawPeer each in crowd) each.Send(Question(1).ToFrame(bigEndian: false));
        RawPeer[] refused = [.. crowd.Where(each => each.ReadFrame() is null)];
        Assert.Equal(3, refused.Length);

        using RawPeer other = From(system, modest);
        other.Send(Question(1).ToFrame(bigEndian: false));
        Assert.NotNull(other.ReadFrame());
        // When one of them leaves there is room for another of the same address; the node hears of it in its own time.
        crowd.Except(refused).First().Dispose();
        Assert.True(SpinWait.SpinUntil(() => IsAnswered(system, greedy), Patience));
        foreach (RawPeer each in crowd) each.Dispose();
    }

    [Fact]
    public void A_node_that_is_told_not_to_answer_takes_the_question_for_nonsense_and_offers_nothing()
    {
        ActorSystem system = Start("akka.remote.probe-connections.enabled = off");
        using RawPeer stranger = new(AddressOf(system));
        stranger.Send(Question(1).ToFrame(bigEndian: false));
        Assert.True(stranger.IsClosedByPeer());
        using RawPeer peer = new(AddressOf(system));
        peer.Send(new Control(ControlCommand.Associate, peer.Self));
        Assert.Equal(Offers.None, peer.ReadControl().Handshake!.Offers & Offers.ProbeConnection);
    }

    [Fact]
    public void With_a_secret_only_who_knows_it_is_told_anything_and_the_others_are_strangers()
    {
        ActorSystem system = Start(Secret, "WARNING");
        Mail told = new();
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new Keeper(told))), typeof(Warning));
        ProbeSeals own = SealsOf(Secret), another = SealsOf("akka.remote.secret = \"another secret altogether\"");
        foreach (ProbeFrame question in new[] { Question(1), another.Question(1, 1, isSealed: true) })
        {
            using RawPeer stranger = new(AddressOf(system));
            stranger.Send(question.ToFrame(bigEndian: false));
            Assert.True(ControlCodec.TryRead(stranger.ReadFrame(), out _, out Control farewell));
            Assert.True(farewell.IsDisassociate);
            Assert.Null(stranger.ReadFrame());
        }
        Assert.Contains("seal of its cluster secret", told.Take<Warning>().Message.ToString(), StringComparison.Ordinal);
        Assert.True(told.IsEmpty);

        using RawPeer peer = new(AddressOf(system));
        ProbeFrame asked = own.Question(1, self: 1, isSealed: true);
        for (int times = 0; times < 2; times++)
        {
            peer.Send(asked.ToFrame(bigEndian: false));
            Assert.True(ProbeFrame.TryRead(peer.ReadFrame(), out ProbeFrame answer));
            long uid = RARP.For(system).Provider.Uid;
            Assert.Equal((ProbeFrameKind.Answer, 1L, uid), (answer.Kind, answer.Number, answer.Uid));
            Assert.True(own.Accepts(answer, self: 1, isSealed: true));
        }
        peer.Send(Question(2).ToFrame(bigEndian: false));
        Assert.Null(peer.ReadFrame());
    }

    [Fact]
    public void Where_the_secret_is_not_required_who_has_none_is_answered_without_a_seal()
    {
        ActorSystem system = Start(Secret + "\nakka.remote.secret-required = off");
        using RawPeer peer = new(AddressOf(system));
        peer.Send(Question(1).ToFrame(bigEndian: false));
        Assert.True(ProbeFrame.TryRead(peer.ReadFrame(), out ProbeFrame answer));
        Assert.Equal(new ProbeFrame(ProbeFrameKind.Answer, 1, RARP.For(system).Provider.Uid), answer);
    }

    private static bool IsAnswered(ActorSystem system, IPAddress from)
    {
        using RawPeer peer = From(system, from);
        peer.Send(Question(1).ToFrame(bigEndian: false));
        return peer.ReadFrame() is not null;
    }

    private static RawPeer From(ActorSystem system, IPAddress from) => new(AddressOf(system), from: from);

    private static ProbeSeals SealsOf(string config) =>
        new(AssociationSettings.Default with
        {
            Secret = ClusterSecret.Read(ConfigurationFactory.ParseString(config).GetConfig("akka.remote")),
        });

    private static ProbeFrame Question(long number) => new(ProbeFrameKind.Ask, number, 1);

    private ActorSystem Start(string config = "", string loglevel = "OFF") =>
        _systems.Start(ConfigurationFactory.ParseString($$"""
            {{config}}
            akka { actor.provider = remote, loglevel = {{loglevel}}, stdout-loglevel = OFF, loggers = [] }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            """));
}
