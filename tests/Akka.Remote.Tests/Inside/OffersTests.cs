using Akka.Actor;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>What nodes of this engine can do with one another beyond Akka.NET's protocol.</summary>
public sealed class OffersTests
{
    private static readonly Handshake _plain = new("S", "host", 2552, "tcp", 5);

    [Theory]
    [InlineData(Offers.ClusterSecret)]
    [InlineData(Offers.ClusterSecret | Offers.ProbeConnection)]
    [InlineData((Offers)uint.MaxValue)]
    internal void Offers_come_back_as_they_were_made_with_bits_of_later_versions(Offers offers)
    {
        byte[] frame = Greeting(_plain with { Offers = offers });
        Assert.True(ControlCodec.TryRead(frame.AsSpan(4), out _, out Control control));
        Assert.Equal(_plain with { Offers = offers }, control.Handshake);
    }

    [Fact]
    public void Who_offers_nothing_greets_as_Akka_NET_does_and_what_is_new_comes_last()
    {
        byte[] plain = Greeting(_plain), offering = Greeting(_plain with { Offers = Offers.ClusterSecret });
        // Field 100, varint: tag 800 in two bytes, then the bits.
        Assert.Equal(plain.Length + 3, offering.Length);
        Assert.Equal("A00601", Convert.ToHexString(offering[^3..]));
    }

    [Fact]
    public void A_peer_s_offers_are_known_while_it_is_associated()
    {
        using RemotePair pair = new();
        Address address = AddressOf(pair.Here);
        RemoteActorRefProvider provider = RARP.For(pair.Here).Provider;
        string echo = pair.Here.ActorOf(Props.Create<Echo>()).Path.ToSerializationFormatWithAddress(address);
        Offers[] heard = [.. new[] { Offers.None, Offers.ProbeConnection }.Select((offers, number) =>
        {
            using RawPeer peer = new(address, port: 4711 + number, offers: offers);
            peer.Associate();
            peer.Send(echo, 17, "S", "hello"u8.ToArray(), sender: peer.Root + "user/me");
            peer.ReadMessage();
            return provider.OffersOf(new Address("akka.tcp", "Pair", "10.9.8.7", 4711 + number));
        })];
        Assert.Equal([Offers.None, Offers.ProbeConnection], heard);
        Assert.Equal(Offers.None, provider.OffersOf(new Address("akka.tcp", "Pair", "10.9.8.7", 1)));
    }

    private static byte[] Greeting(Handshake who) =>
        ControlCodec.Frame(new Control(ControlCommand.Associate, who), bigEndian: false);
}
