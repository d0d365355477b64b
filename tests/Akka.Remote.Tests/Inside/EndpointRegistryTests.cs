using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Association;
using Akka.Remote.Endpoints;

namespace Akka.Remote.Tests.Inside;

public class EndpointRegistryTests
{
    private static readonly Address _peer = new("akka.tcp", "S", "peer", 1);

    private readonly EndpointRegistry _registry =
        new(new EndpointSettings(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromDays(5)));

    private long _now;

    [Fact]
    public void One_dial_serves_both_ways()
    {
        Assert.Equal("dial 1", Text(_registry.Wanted(_peer, _now)));
        Assert.Equal("", Text(_registry.Wanted(_peer, _now)));
        Assert.Equal("write 1 (22), read 1", Text(_registry.Dialled(1, 22, _now)));
        Assert.Equal("", Text(_registry.Wanted(_peer, _now)));
    }

    [Fact]
    public void An_inbound_connection_is_used_both_ways_and_nobody_dials()
    {
        Assert.Equal("write -1 (22), read -1", Text(_registry.Inbound(-1, _peer, 22, _now)));
        Assert.Equal("", Text(_registry.Wanted(_peer, _now)));
    }

    [Fact]
    public void When_both_dialled_each_writes_on_its_own_and_both_are_read()
    {
        _registry.Wanted(_peer, _now);
        Assert.Equal("", Text(_registry.Inbound(-1, _peer, 22, _now)));
        Assert.Equal("write 1 (22), read 1, read -1", Text(_registry.Dialled(1, 22, _now)));
    }

    [Fact]
    public void When_the_peer_dials_after_this_side_did_it_is_the_same()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        Assert.Equal("read -1", Text(_registry.Inbound(-1, _peer, 22, _now)));
        Assert.Equal("end -1 Disassociate, read -2", Text(_registry.Inbound(-2, _peer, 22, _now)));
    }

    [Fact]
    public void A_parked_connection_is_used_both_ways_when_the_dial_fails()
    {
        _registry.Wanted(_peer, _now);
        _registry.Inbound(-1, _peer, 22, _now);
        Assert.Equal("write -1 (22), read -1", Text(_registry.Lost(1, AssociationEnd.NotReachable, _now)));
    }

    [Fact]
    public void A_peer_that_dials_again_and_speaks_has_lost_its_first_connection()
    {
        _registry.Inbound(-1, _peer, 22, _now);
        Assert.Equal("read -2", Text(_registry.Inbound(-2, _peer, 22, _now)));
        Assert.Equal("end -1 Disassociate, write -2 (22)", Text(_registry.Spoke(-2, _now)));
    }

    [Fact]
    public void Another_life_at_the_same_address_displaces_and_quarantines_the_old_one()
    {
        _registry.Inbound(-1, _peer, 22, _now);
        string effects = Text(_registry.Inbound(-2, _peer, 33, _now));
        Assert.Equal("end -1 Disassociate, idle, quarantined 22, write -2 (33), read -2", effects);
        Assert.Equal("end -3 DisassociateQuarantined, 22 is quarantined", Text(_registry.Inbound(-3, _peer, 22, _now)));
    }

    [Fact]
    public void Gates_double_from_a_tenth_of_a_second_up_to_the_setting_and_start_anew_after_a_good_time()
    {
        foreach (long gate in new[] { 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000 })
        {
            int link = int.Parse(Text(_registry.Wanted(_peer, _now))["dial ".Length..]);
            Assert.Equal($"gate {_now + gate}", Text(_registry.Lost(link, AssociationEnd.NotReachable, _now)));
            Assert.Equal("", Text(_registry.Wanted(_peer, _now)));
            _now += gate - 1;
            Assert.Equal("", Text(_registry.GateOver(_peer, _now)));
            _now++;
            Assert.Equal("idle", Text(_registry.GateOver(_peer, _now)));
        }
        _registry.Inbound(-1, _peer, 22, _now);
        _now += 4_999;
        Assert.Equal($"gate {_now + 5_000}", Text(_registry.Lost(-1, AssociationEnd.Unknown, _now)));
        _registry.Inbound(-2, _peer, 22, _now);
        _now += 5_000;
        Assert.Equal($"gate {_now + 100}", Text(_registry.Lost(-2, AssociationEnd.Unknown, _now)));
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(int.MaxValue)]
    public void A_first_gate_as_long_as_the_longest_makes_all_gates_equal(int first)
    {
        EndpointRegistry plain = new(
            new EndpointSettings(TimeSpan.FromMilliseconds(first), TimeSpan.FromSeconds(5), TimeSpan.FromDays(5)));
        for (int link = 1; link <= 70; link++)
        {
            Assert.Equal($"dial {link}", Text(plain.Wanted(_peer, _now)));
            Assert.Equal($"gate {_now + 5_000}", Text(plain.Lost(link, AssociationEnd.NotReachable, _now)));
            _now += 5_000;
        }
    }

    [Fact]
    public void The_gates_are_settings_and_none_at_all_is_refused()
    {
        EndpointSettings usual = Settings("");
        Assert.Equal((100, 5_000), (usual.GateFirstClosedFor.TotalMilliseconds, usual.GateClosedFor.TotalMilliseconds));
        EndpointSettings slow = Settings("akka.remote.retry-gate-first-closed-for = 3s");
        Assert.Equal(TimeSpan.FromSeconds(3), slow.GateFirstClosedFor);
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Settings("akka.remote.retry-gate-first-closed-for = 0s"));
        Assert.StartsWith(
            "akka.remote.retry-gate-first-closed-for must be at least 1 ms, but is 0 ms", error.Message,
            StringComparison.Ordinal);

        static EndpointSettings Settings(string config) =>
            RemotingSettings.Read(ConfigurationFactory.ParseString(config)).Endpoints;
    }

    [Theory]
    [InlineData(AssociationEnd.PeerShutDown)]
    [InlineData(AssociationEnd.QuarantinedByPeer)]
    internal void A_peer_that_said_farewell_is_left_alone_for_five_seconds(AssociationEnd why)
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        Assert.EndsWith("gate 5000", Text(_registry.Lost(1, why, _now)), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_a_reason_can_lift_the_gate()
    {
        Assert.Equal("", Text(_registry.LiftGate(_peer)));
        _registry.Wanted(_peer, _now);
        _registry.Lost(1, AssociationEnd.NotReachable, _now);
        Assert.Equal("idle", Text(_registry.LiftGate(_peer)));
        Assert.Equal("dial 2", Text(_registry.Wanted(_peer, _now)));
    }

    [Fact]
    public void An_inbound_connection_lifts_the_gate()
    {
        _registry.Wanted(_peer, _now);
        _registry.Lost(1, AssociationEnd.NotReachable, _now);
        Assert.Equal("write -1 (22), read -1", Text(_registry.Inbound(-1, _peer, 22, _now)));
        Assert.Equal("", Text(_registry.GateOver(_peer, 6_000)));
    }

    [Fact]
    public void A_quarantined_life_is_refused_whoever_dials_until_the_marker_is_pruned()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        Assert.Equal("end 1 Disassociate, idle, quarantined 22", Text(_registry.Quarantine(_peer, 22, _now)));
        Assert.Equal("", Text(_registry.Quarantine(_peer, 22, _now)));
        Assert.Equal("end -1 DisassociateQuarantined, 22 is quarantined", Text(_registry.Inbound(-1, _peer, 22, _now)));
        Assert.Equal("dial 2", Text(_registry.Wanted(_peer, _now)));
        Assert.Equal(
            "end 2 DisassociateQuarantined, gate 5000, 22 is quarantined", Text(_registry.Dialled(2, 22, _now)));
        Assert.True(_registry.IsQuarantined(_peer, 22, _now));
        Assert.False(_registry.IsQuarantined(_peer, 22, (long)TimeSpan.FromDays(5).TotalMilliseconds));
    }

    [Fact]
    public void Without_a_uid_there_is_only_a_gate()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        Assert.Equal("end 1 Disassociate, gate 5000", Text(_registry.Quarantine(_peer, null, _now)));
        Assert.Equal("write -1 (22), read -1", Text(_registry.Inbound(-1, _peer, 22, _now)));
    }

    [Fact]
    public void Being_quarantined_by_the_peer_is_news()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        string effects = Text(_registry.Lost(1, AssociationEnd.QuarantinedByPeer, _now));
        Assert.Equal("quarantined by peer, gate 5000", effects);
    }

    [Fact]
    public void A_parked_connection_of_an_older_life_is_dropped()
    {
        _registry.Wanted(_peer, _now);
        _registry.Inbound(-1, _peer, 22, _now);
        Assert.Equal("write 1 (33), read 1, end -1 Disassociate", Text(_registry.Dialled(1, 33, _now)));
    }

    [Fact]
    public void A_lost_reader_changes_nothing_for_the_writer()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        _registry.Inbound(-1, _peer, 22, _now);
        Assert.Equal("", Text(_registry.Lost(-1, AssociationEnd.Unknown, _now)));
        Assert.Equal("read -2", Text(_registry.Inbound(-2, _peer, 22, _now)).Split(", ")[^1]);
    }

    // What this side dialled carried messages of the peer, so the peer had given up what it had dialled before.
    [Fact]
    public void A_reader_is_not_read_any_more_when_the_peer_speaks_on_a_newer_writer()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        _registry.Inbound(-1, _peer, 22, _now);
        Assert.Equal("ignore 1", Text(_registry.Spoke(-1, _now)));
        _registry.Lost(1, AssociationEnd.Unknown, _now);
        _now += 100;
        Assert.Equal("dial 2", Text(_registry.Wanted(_peer, _now)));
        Assert.Equal("write 2 (22), read 2", Text(_registry.Dialled(2, 22, _now)));
        Assert.Equal("", Text(_registry.Spoke(-1, _now)));
        Assert.Equal("end -1 Disassociate", Text(_registry.Spoke(2, _now)));
        Assert.Equal("", Text(_registry.Spoke(2, _now)));
        Assert.Equal("read -2", Text(_registry.Inbound(-2, _peer, 22, _now)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_parked_reader_is_older_than_the_dial_it_waited_for(bool hasSpoken)
    {
        _registry.Wanted(_peer, _now);
        _registry.Inbound(-1, _peer, 22, _now);
        _registry.Dialled(1, 22, _now);
        if (hasSpoken) Assert.Equal("", Text(_registry.Spoke(-1, _now)));
        Assert.Equal("end -1 Disassociate", Text(_registry.Spoke(1, _now)));
    }

    [Fact]
    public void A_writer_is_written_on_but_not_read_any_more_when_the_peer_speaks_on_a_newer_reader()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        Assert.Equal("", Text(_registry.Spoke(1, _now)));
        _registry.Inbound(-1, _peer, 22, _now);
        Assert.Equal("", Text(_registry.Spoke(1, _now)));
        Assert.Equal("ignore 1", Text(_registry.Spoke(-1, _now)));
        Assert.Equal("", Text(_registry.Wanted(_peer, _now)));
    }

    // It may look for this system under another name, and find out that it has it already.
    [Fact]
    public void Who_dials_again_and_says_nothing_costs_none_of_the_connections_in_use()
    {
        _registry.Inbound(-1, _peer, 22, _now);
        _registry.Inbound(-2, _peer, 22, _now);
        Assert.Equal("end -2 Disassociate, read -3", Text(_registry.Inbound(-3, _peer, 22, _now)));
        Assert.Equal("", Text(_registry.Lost(-3, AssociationEnd.Unknown, _now)));
        Assert.Equal(22, _registry.LifeAt(_peer));
        _registry.Inbound(-4, _peer, 22, _now);
        Assert.Equal("write -4 (22)", Text(_registry.Lost(-1, AssociationEnd.Unknown, _now)));
    }

    [Fact]
    public void What_the_peer_writes_on_is_read_when_this_side_has_nothing_to_write_on_and_another_connection_comes()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        _registry.Inbound(-1, _peer, 22, _now);
        _registry.Spoke(-1, _now);
        _registry.Lost(1, AssociationEnd.Unknown, _now);
        Assert.Equal("write -2 (22), read -2", Text(_registry.Inbound(-2, _peer, 22, _now)));
        Assert.Equal("end -1 Disassociate", Text(_registry.Spoke(-2, _now)));
    }

    [Fact]
    public void A_peer_whose_last_connection_is_one_that_was_only_read_is_forgotten_too()
    {
        for (int port = 1; port <= 12_000; port++)
        {
            Address address = new("akka.tcp", "S", "peer", port);
            int link = int.Parse(Text(_registry.Wanted(address, _now))["dial ".Length..]);
            _registry.Dialled(link, port, _now);
            _registry.Inbound(-port, address, port, _now);
            _registry.Spoke(-port, _now);
            _registry.Lost(link, AssociationEnd.PeerShutDown, _now);
            _now += 5_000;
            _registry.GateOver(address, _now);
            _registry.Lost(-port, AssociationEnd.Unknown, _now);
        }
        Assert.Equal(10_000, _registry.Remembered);
    }

    [Fact]
    public void A_reader_is_not_displaced_before_the_newcomer_speaks()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        _registry.Inbound(-1, _peer, 22, _now);
        _registry.Spoke(-1, _now);
        Assert.Equal("read -2", Text(_registry.Inbound(-2, _peer, 22, _now)));
        Assert.Equal("", Text(_registry.Lost(-2, AssociationEnd.Unknown, _now)));
        _registry.Inbound(-3, _peer, 22, _now);
        Assert.Equal("end -1 Disassociate, ignore 1", Text(_registry.Spoke(-3, _now)));
    }

    [Fact]
    public void All_connections_of_a_quarantined_life_end()
    {
        _registry.Wanted(_peer, _now);
        _registry.Dialled(1, 22, _now);
        _registry.Inbound(-1, _peer, 22, _now);
        _registry.Spoke(-1, _now);
        _registry.Inbound(-2, _peer, 22, _now);
        _registry.Lost(1, AssociationEnd.Unknown, _now);
        Assert.Equal(
            "end -1 Disassociate, end -2 Disassociate, quarantined 22", Text(_registry.Quarantine(_peer, 22, _now)));
    }

    [Fact]
    public void Nothing_is_kept_of_quarantined_lives_when_their_time_is_over()
    {
        long day = (long)TimeSpan.FromDays(1).TotalMilliseconds;
        for (int life = 1; life <= 100_000; life++)
        {
            Address address = new("akka.tcp", "S", "peer", life);
            _registry.Inbound(-life, address, life, _now);
            _registry.Quarantine(address, life, _now);
            _now += day / 100;
        }
        Assert.InRange(_registry.Remembered, 500, 2_000);
        Assert.True(_registry.IsQuarantined(100_000, _now));
        Assert.True(_registry.IsQuarantined(99_600, _now));
        Assert.False(_registry.IsQuarantined(99_400, _now));
    }

    [Fact]
    public void Who_speaks_on_the_only_connection_or_on_a_lost_one_changes_nothing()
    {
        _registry.Inbound(-1, _peer, 22, _now);
        Assert.Equal("", Text(_registry.Spoke(-1, _now)));
        _registry.Lost(-1, AssociationEnd.Unknown, _now);
        Assert.Equal("", Text(_registry.Spoke(-1, _now)));
    }

    [Fact]
    public void So_many_are_dialled_at_once_and_who_has_waited_longest_comes_next()
    {
        EndpointRegistry few = Few(2);
        Assert.Equal("dial 1, dial 2", Text(Enumerable.Range(0, 6).SelectMany(number => few.Wanted(Other(number), _now))));
        Assert.Equal("", Text(few.Wanted(Other(2), _now)));
        Assert.Equal("write 2 (22), read 2, dial 3", Text(few.Dialled(2, 22, _now)));
        Assert.Equal($"gate {_now + 100}, dial 4", Text(few.Lost(1, AssociationEnd.NotReachable, _now)));
        Assert.Equal(
            [Other(4)], few.Lost(3, AssociationEnd.NotReachable, _now).OfType<EndpointEffect.Dial>().Select(each => each.Peer));
        // A connection that was open and ends was no dial in progress.
        Assert.Equal($"gate {_now + 100}", Text(few.Lost(2, AssociationEnd.Unknown, _now)));
    }

    [Fact]
    public void Who_dials_itself_meanwhile_needs_no_turn_and_one_that_is_given_up_gives_its_turn_away()
    {
        EndpointRegistry few = Few(1);
        for (int number = 0; number < 4; number++) few.Wanted(Other(number), _now);
        Assert.Equal("write -1 (33), read -1", Text(few.Inbound(-1, Other(1), 33, _now)));
        Assert.Equal($"gate {_now + 5_000}", Text(few.Quarantine(Other(2), null, _now)));
        Assert.Equal("end 1 Disassociate, gate 5000", Text(few.Quarantine(Other(0), null, _now)));
        // Its socket is there until it is closed.
        Assert.Equal("", Text(few.Wanted(Other(4), _now)));
        Assert.Equal(
            [Other(3)], few.Lost(1, AssociationEnd.Local, _now).OfType<EndpointEffect.Dial>().Select(each => each.Peer));
    }

    [Fact]
    public void Who_may_wait_is_bounded_too_and_nothing_is_kept_of_the_rest()
    {
        EndpointRegistry few = Few(1);
        for (int number = 0; number <= DialTurns.MostWaiting; number++) few.Wanted(Other(number), _now);
        int remembered = few.Remembered;
        Assert.Equal("too many", Text(few.Wanted(_peer, _now)));
        Assert.Equal(remembered, few.Remembered);
        few.Lost(1, AssociationEnd.NotReachable, _now);
        Assert.Equal("", Text(few.Wanted(_peer, _now)));
    }

    private static Address Other(int number) => new("akka.tcp", "S", "other", number + 1);

    private static EndpointRegistry Few(int dials) => new(
        new EndpointSettings(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromDays(5)) { Dials = dials });

    private static string Text(IEnumerable<EndpointEffect> effects) => string.Join(", ", effects.Select(Text));

    private static string Text(EndpointEffect effect) => effect switch
    {
        EndpointEffect.Dial dial => $"dial {dial.Link}",
        EndpointEffect.WriteOn write => $"write {write.Link} ({write.Uid})",
        EndpointEffect.ReadFrom read => $"read {read.Link}",
        EndpointEffect.Ignore late => $"ignore {late.Link}",
        EndpointEffect.End end => $"end {end.Link} {end.Farewell}",
        EndpointEffect.Gate gate => $"gate {gate.Until}",
        EndpointEffect.TooMany => "too many",
        EndpointEffect.Idle => "idle",
        EndpointEffect.Quarantined quarantined => $"quarantined {quarantined.Uid}",
        EndpointEffect.IsQuarantined life => $"{life.Uid} is quarantined",
        EndpointEffect.QuarantinedByPeer => "quarantined by peer",
        _ => throw new ArgumentOutOfRangeException(nameof(effect)),
    };
}
