using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Association;
using Akka.Remote.Probing;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>A real node that asks a peer, and what it takes for an answer.</summary>
public sealed class ProberTests : IDisposable
{
    private const string Config = "akka.remote.secret = \"one secret of the cluster\"";

    private static readonly ClusterSecret _secret =
        ClusterSecret.Read(ConfigurationFactory.ParseString(Config).GetConfig("akka.remote"))!;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ActorSystem _system;

    public ProberTests()
    {
        _listener.Start();
        _system = ActorSystem.Create("Pair", ConfigurationFactory.ParseString($$"""
            {{Config}}
            akka { actor.provider = remote, loglevel = OFF, stdout-loglevel = OFF }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            """));
    }

    public void Dispose()
    {
        _system.Terminate().Wait(Patience);
        _listener.Dispose();
    }

    [Fact]
    public async Task An_answer_without_the_seal_is_passed_over_and_the_one_with_it_counts()
    {
        int port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        Mail news = new();
        _system.EventStream.Subscribe(_system.ActorOf(Props.Create(() => new Keeper(news))), typeof(AssociatedEvent));
        using RawPeer peer = new(
            AddressOf(_system), host: "127.0.0.1", port: port, offers: Offers.ClusterSecret | Offers.ProbeConnection);
        Prove(peer);
        var address = Address.Parse(peer.Root.TrimEnd('/'));
        RemoteActorRefProvider provider = (RemoteActorRefProvider)RARP.For(_system).Provider;
        // What the peer offers is known at the end of the turn that tells of it.
        news.Take<AssociatedEvent>();
        TaskCompletionSource known = new();
        provider.Remoting.Switchboard.Post(known.SetResult);
        await known.Task.WaitAsync(Patience);
        Assert.True(provider.BeginProbing(address, (int)peer.Self.Uid));

        ProbeSeals seals = new(AssociationSettings.Default with { Secret = _secret });
        using RawPeer asked = new(_listener.AcceptTcpClient(), peer.Self);
        Assert.True(ProbeFrame.IsQuestion(asked.ReadFrame(), out ProbeFrame question));
        Assert.True(seals.Admits(question) && question.Seal is not null);
        ProbeFrame answer = seals.Answer(ProbeFrameKind.Answer, question, peer.Self.Uid);
        asked.Send((answer with { Seal = null }).ToFrame(bigEndian: false));
        asked.Send((answer with { Seal = question.Seal }).ToFrame(bigEndian: false));
        // It asks on, on the same connection, and has counted nothing.
        for (int more = 0; more < 2; more++) Assert.True(ProbeFrame.IsQuestion(asked.ReadFrame(), out _));
        Assert.Equal(0, provider.ProbeAnswersFrom(address, (int)peer.Self.Uid));
        asked.Send(answer.ToFrame(bigEndian: false));
        Assert.True(SpinWait.SpinUntil(() => provider.ProbeAnswersFrom(address, (int)peer.Self.Uid) == 1, Patience));
    }

    private static void Prove(RawPeer peer)
    {
        peer.Send(new Control(ControlCommand.Associate, peer.Self));
        Handshake other = peer.ReadControl().Handshake!;
        byte[] nonce = new byte[ClusterSecret.NonceBytes];
        SecretTranscript said = new(peer.Self, other, nonce, peer.ReadControl().Nonce!);
        byte[] mac = _secret.Prove(ClusterSecret.Role.Dialler, said);
        peer.Send(new Control(ControlCommand.Proof, Nonce: nonce, Mac: mac));
        Assert.Equal(ControlCommand.Proof, peer.ReadControl().Command);
    }
}
