using System.Collections.Immutable;
using Akka.Remote.Association;
using Akka.Remote.Endpoints;
using Akka.Remote.Wire;

namespace Akka.Remote.Tests.Inside;

public class AssociationStateTests
{
    private static readonly Handshake _self = new("S", "me", 1, "tcp", 11);
    private static readonly Handshake _peer = new("S", "you", 2, "tcp", 22);
    private static readonly Control _associate = new(ControlCommand.Associate, _peer);

    [Fact]
    public void A_dialler_greets_first_and_is_open_when_greeted()
    {
        Story story = new(AssociationState.Dialling(_self, AssociationSettings.Default, 0));
        Assert.Equal("send Associate 11", story.Next(new AssociationInput.Opened()));
        Assert.Equal("established 22", story.Next(new AssociationInput.Received(_associate)));
        Assert.Equal(AssociationPhase.Open, story.State.Phase);
    }

    [Fact]
    public void An_acceptor_answers_before_anybody_judges_the_caller()
    {
        Story story = new(AssociationState.Accepted(_self, AssociationSettings.Default, 0));
        Assert.Equal("send Associate 11, established 22", story.Next(new AssociationInput.Received(_associate)));
        string refusal = story.Next(new AssociationInput.Disassociate(ControlCommand.DisassociateQuarantined));
        Assert.Equal("send DisassociateQuarantined, close, ended Local", refusal);
    }

    [Theory]
    [InlineData(ControlCommand.Disassociate, AssociationEnd.Unknown)]
    [InlineData(ControlCommand.DisassociateShuttingDown, AssociationEnd.PeerShutDown)]
    [InlineData(ControlCommand.DisassociateQuarantined, AssociationEnd.QuarantinedByPeer)]
    internal void A_farewell_ends_it_with_its_reason(ControlCommand farewell, AssociationEnd why)
    {
        Assert.Equal($"close, ended {why}", Open().Next(new AssociationInput.Received(new Control(farewell))));
        Story greeting = new(AssociationState.Dialling(_self, AssociationSettings.Default, 0));
        greeting.Next(new AssociationInput.Opened());
        Assert.Equal($"close, ended {why}", greeting.Next(new AssociationInput.Received(new Control(farewell))));
    }

    [Fact]
    public void A_peer_with_a_name_that_no_host_or_system_has_is_none()
    {
        string longest = new('n', NameLimits.Name), longer = longest + "n";
        Handshake allowed = _peer with { System = longest, Host = longest, Protocol = longest };
        Assert.Equal("send Associate 11, established 22", Greeted(allowed));
        foreach (Handshake peer in new[]
            { allowed with { System = longer }, allowed with { Host = longer }, allowed with { Protocol = longer } })
            Assert.Equal("send Disassociate, close, ended ProtocolError", Greeted(peer));

        string Greeted(Handshake peer) =>
            new Story(AssociationState.Accepted(_self, AssociationSettings.Default, 0))
                .Next(new AssociationInput.Received(new Control(ControlCommand.Associate, peer)));
    }

    [Fact]
    public void A_heartbeat_where_a_greeting_is_due_breaks_the_protocol()
    {
        Story story = new(AssociationState.Accepted(_self, AssociationSettings.Default, 0));
        string effects = story.Next(new AssociationInput.Received(new Control(ControlCommand.Heartbeat)));
        Assert.Equal("send Disassociate, close, ended ProtocolError", effects);
    }

    [Fact]
    public void A_second_greeting_is_ignored() =>
        Assert.Equal("", Open().Next(new AssociationInput.Received(_associate)));

    [Fact]
    public void Heartbeats_go_out_every_four_seconds_and_in_the_dialler_before_it_is_open_too()
    {
        Story story = new(AssociationState.Dialling(_self, AssociationSettings.Default, 0));
        story.Next(new AssociationInput.Opened());
        Assert.Equal("", story.At(3_999).Next(new AssociationInput.Tick(Heard: false)));
        Assert.Equal("send Heartbeat", story.At(4_000).Next(new AssociationInput.Tick(Heard: false)));
        Assert.Equal("", story.At(4_100).Next(new AssociationInput.Tick(Heard: false)));
        Assert.Equal("send Heartbeat", story.At(8_000).Next(new AssociationInput.Tick(Heard: false)));
    }

    [Fact]
    public void An_acceptor_that_was_not_greeted_sends_no_heartbeats_and_gives_up_after_fifteen_seconds()
    {
        Story story = new(AssociationState.Accepted(_self, AssociationSettings.Default, 0));
        Assert.Equal("", story.At(14_999).Next(new AssociationInput.Tick(Heard: true)));
        Assert.Equal("abort, ended HandshakeTimeout", story.At(15_000).Next(new AssociationInput.Tick(Heard: true)));
    }

    [Fact]
    public void A_dial_that_hangs_is_given_up()
    {
        Story story = new(AssociationState.Dialling(_self, AssociationSettings.Default, 0));
        Assert.Equal("abort, ended NotReachable", story.At(15_000).Next(new AssociationInput.Tick(Heard: false)));
    }

    [Fact]
    public void Silence_of_two_minutes_and_a_heartbeat_ends_it_and_any_byte_resets_the_clock()
    {
        Story story = Open();
        story.At(100_000).Next(new AssociationInput.Tick(Heard: true));
        Assert.Equal("send Heartbeat", story.At(223_999).Next(new AssociationInput.Tick(Heard: false)));
        string effects = story.At(224_000).Next(new AssociationInput.Tick(Heard: false));
        Assert.Equal("send Disassociate, close, ended Silent", effects);
    }

    [Fact]
    public void Nothing_happens_after_the_end()
    {
        Story story = Open();
        story.Next(new AssociationInput.Lost(AssociationEnd.Unknown, "gone"));
        Assert.Equal("", story.Next(new AssociationInput.Received(_associate)));
        Assert.Equal("", story.At(1_000_000).Next(new AssociationInput.Tick(Heard: false)));
        Assert.Equal("", story.Next(new AssociationInput.Disassociate(ControlCommand.Disassociate)));
    }

    private static Story Open()
    {
        Story story = new(AssociationState.Accepted(_self, AssociationSettings.Default, 0));
        story.Next(new AssociationInput.Received(_associate));
        return story;
    }

    private sealed class Story(AssociationState state)
    {
        private long _now;

        public AssociationState State { get; private set; } = state;

        public Story At(long now)
        {
            _now = now;
            return this;
        }

        public string Next(AssociationInput input)
        {
            (State, ImmutableArray<AssociationEffect> effects) = State.Next(input, _now);
            return string.Join(", ", effects.Select(Text));
        }

        private static string Text(AssociationEffect effect) => effect switch
        {
            AssociationEffect.Send send => $"send {send.Control.Command} {send.Control.Handshake?.Uid}".TrimEnd(),
            AssociationEffect.Established peer => $"established {peer.Peer.Uid}",
            AssociationEffect.Ended end => $"ended {end.Why}",
            _ => effect.GetType().Name.ToLowerInvariant(),
        };
    }
}
