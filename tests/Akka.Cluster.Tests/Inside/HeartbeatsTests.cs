using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Remote;
using static Akka.Cluster.Tests.Inside.Nodes;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Who is watched and who is found silent, on a clock that the test turns.</summary>
public class HeartbeatsTests
{
    private readonly Heartbeats _beats;
    private readonly Dictionary<UniqueAddress, long> _received = [];
    private readonly Dictionary<UniqueAddress, long> _answered = [];
    private ImmutableArray<UniqueAddress> _provenSilent = [];
    private double _now;

    public HeartbeatsTests()
    {
        var detectors = new DefaultFailureDetectorRegistry<Address>(() => new PhiAccrualFailureDetector(
            threshold: 8,
            maxSampleSize: 1000,
            minStdDeviation: TimeSpan.FromMilliseconds(100),
            acceptableHeartbeatPause: TimeSpan.FromSeconds(3),
            firstHeartbeatEstimate: TimeSpan.FromSeconds(1),
            clock: () => (long)(_now * 1000)));
        _beats = new Heartbeats(
            Node(1),
            new HeartbeatSettings(),
            detectors,
            TimeSpan.FromSeconds(1),
            node => _received.GetValueOrDefault(node),
            node => _answered.GetValueOrDefault(node),
            node => _provenSilent.Has(node),
            node => node.Equals(Node(3)));
        _beats.Observe(GossipOf(Up(1), Up(2), Up(3)));
    }

    [Fact]
    public void Everybody_gets_a_beat_every_second()
    {
        int beats = 0;
        Run(10, round => beats += round.Beats.Length);

        Assert.Equal(20, beats);
    }

    [Fact]
    public void Who_answers_is_available_and_who_falls_silent_is_found_after_the_pause()
    {
        Run(20, round => Answer(round, 2, 3));
        double diedAt = _now;
        double? foundAt = null;
        Run(10, round =>
        {
            Answer(round, 2);
            if (round.Unavailable is { IsEmpty: false }) foundAt ??= _now;
        });

        Assert.InRange(foundAt!.Value - diedAt, 3, 6);
    }

    [Fact]
    public void Who_never_answered_is_found_too()
    {
        double? foundAt = null;
        Run(20, round =>
        {
            Answer(round, 2);
            if (round.Unavailable is [var silent] && silent.Equals(Node(3))) foundAt ??= _now;
        });

        Assert.InRange(foundAt!.Value, 4, 10);
    }

    [Fact]
    public void A_broken_connection_starts_probes_and_silence_to_them_is_a_verdict_within_a_second()
    {
        Run(10, round => Answer(round, 2, 3));
        _beats.ConnectionBroke(AddressOf(3), Now());
        double brokeAt = _now;
        int probes = 0;
        double? foundAt = null;
        Run(2, round =>
        {
            Answer(round, 2);
            probes += round.Beats.Count(node => node.Equals(Node(3)));
            if (round.Unavailable is { IsEmpty: false }) foundAt ??= _now;
        });

        Assert.InRange(probes, 5, 8);
        Assert.InRange(foundAt!.Value - brokeAt, 0.6, 1);
    }

    [Fact]
    public void Who_runs_another_engine_is_judged_by_its_rhythm_though_its_connection_broke()
    {
        Run(10, round => Answer(round, 2, 3));
        _beats.ConnectionBroke(AddressOf(2), Now());
        double brokeAt = _now;
        double? foundAt = null;
        Run(10, round =>
        {
            Answer(round, 3);
            Assert.Empty(round.Probes);
            if (round.Unavailable is { IsEmpty: false }) foundAt ??= _now;
        });

        Assert.InRange(foundAt!.Value - brokeAt, 3, 6);
    }

    [Fact]
    public void A_broken_connection_alone_is_no_verdict()
    {
        Run(10, round => Answer(round, 2, 3));
        _beats.ConnectionBroke(AddressOf(3), Now());

        Run(5, round =>
        {
            Answer(round, 2, 3);
            Assert.True(round.Unavailable is null or { IsEmpty: true });
        });
    }

    [Fact]
    public void Who_was_paused_itself_blames_nobody()
    {
        Run(10, round => Answer(round, 2, 3));
        _now += 30;

        HeartbeatRound round = _beats.Advance(Now());

        Assert.InRange(round.OwnPause!.Value.TotalSeconds, 29, 31);
        Assert.Empty(round.Unavailable!.Value);
        Run(3, later => Assert.True(later.Unavailable is null or { IsEmpty: true }));
    }

    [Fact]
    public void Any_sign_of_life_makes_a_silent_node_available_again()
    {
        Run(10, round => Answer(round, 2, 3));
        Run(10, round => Answer(round, 2));
        Assert.Equal([3], LastVerdict());

        _beats.SignOfLife(Node(3), Now());

        Assert.Empty(LastVerdict());
    }

    [Fact]
    public void Whatever_comes_of_a_node_counts_when_its_answers_are_late()
    {
        Run(10, round => Answer(round, 2, 3));
        Run(20, round =>
        {
            Answer(round, 2);
            _received[Node(3)] = _received.GetValueOrDefault(Node(3)) + 1;
            Assert.True(round.Unavailable is null or { IsEmpty: true });
        });
    }

    [Fact]
    public void A_count_that_begins_anew_is_no_sign_of_life()
    {
        _received[Node(3)] = 100;
        Run(10, round => Answer(round, 2, 3));
        _beats.ConnectionBroke(AddressOf(3), Now());
        _received.Remove(Node(3));

        Run(2, round => Answer(round, 2));

        Assert.Equal([3], LastVerdict());
    }

    [Fact]
    public void A_new_life_does_not_inherit_the_silence_of_the_old()
    {
        Run(10, round => Answer(round, 2, 3));
        Run(10, round => Answer(round, 2));
        Assert.Equal([3], LastVerdict());

        _beats.Observe(GossipOf(Up(1), Up(2), In(3, MemberStatus.Joining, Member.NeverUp, life: 2)));

        Assert.Empty(LastVerdict());
    }

    [Fact]
    public void Who_is_silent_for_a_while_is_asked_in_another_way_and_lives_by_that_for_three_minutes()
    {
        Run(10, round =>
        {
            Answer(round, 2, 3);
            Assert.Empty(round.Unheard);
        });
        double fellSilentAt = _now;
        double? askedAt = null, foundAt = null, forgottenAt = null;
        Run(200, round =>
        {
            Answer(round, 2);
            if (round.Unheard.Has(Node(3)))
            {
                askedAt ??= _now;
                _answered[Node(3)] = _answered.GetValueOrDefault(Node(3)) + 1;
            }
            else if (askedAt is not null)
            {
                forgottenAt ??= _now;
            }

            if (round.Unavailable is { IsEmpty: false }) foundAt ??= _now;
        });

        Assert.InRange(askedAt!.Value - fellSilentAt, 0.5, 1.5);
        Assert.InRange(forgottenAt!.Value - fellSilentAt, 179, 182);
        Assert.InRange(foundAt!.Value - fellSilentAt, 180, 190);
    }

    [Fact]
    public void Who_has_quarantined_this_node_lives_by_its_answers_to_heartbeats_alone()
    {
        Run(10, round => Answer(round, 2, 3));
        _beats.RefusedBy(AddressOf(3));
        double? foundAt = null;
        double refusedAt = _now;
        Run(10, round =>
        {
            Answer(round, 2);
            // Its process takes connections and says on them, again and again, that it will not talk.
            _received[Node(3)] = _answered[Node(3)] = _answered.GetValueOrDefault(Node(3)) + 1;
            Assert.Empty(round.Unheard);
            if (round.Unavailable is { IsEmpty: false }) foundAt ??= _now;
        });

        Assert.InRange(foundAt!.Value - refusedAt, 3, 6);
        Run(2, round => Answer(round, 2, 3));
        Assert.Empty(LastVerdict());
    }

    [Fact]
    public void A_new_life_does_not_inherit_the_refusal_of_the_old()
    {
        Run(10, round => Answer(round, 2, 3));
        _beats.RefusedBy(AddressOf(3));
        _beats.Observe(GossipOf(Up(1), Up(2), In(3, MemberStatus.Up, 3, life: 2)));
        Run(10, round =>
        {
            Answer(round, 2);
            _received[Node(3, 2)] = _received.GetValueOrDefault(Node(3, 2)) + 1;
        });

        Assert.Empty(LastVerdict());
    }

    // It was asked so often, for so long, and answered so little, that whatever it did before does not count.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Proven_silence_is_a_verdict_after_a_pause_that_must_pass_whatever_pauses_were_learned(int pauses)
    {
        Run(5, round => Answer(round, 2, 3));
        for (int pause = 0; pause < pauses; pause++)
        {
            double wakesAt = _now + 2;
            Run(3, round => Answer(round, _now < wakesAt ? [2] : [2, 3]));
        }

        double fellSilentAt = _now;
        double? askedAt = null, foundAt = null;
        Run(6, round =>
        {
            Answer(round, 2);
            if (round.Unheard.Has(Node(3))) askedAt ??= _now;
            if (askedAt is not null) _provenSilent = [Node(3)];
            if (round.Unavailable is { IsEmpty: false }) foundAt ??= _now;
        });

        Assert.InRange(askedAt!.Value - fellSilentAt, 0.5, 1.5);
        Assert.Equal(1.8, foundAt!.Value - askedAt.Value, precision: 3);
    }

    [Fact]
    public void Silence_that_is_not_proven_is_left_to_the_detector()
    {
        Run(10, round => Answer(round, 2, 3));
        double fellSilentAt = _now;
        double? foundAt = null;
        Run(10, round =>
        {
            Answer(round, 2);
            if (round.Unavailable is { IsEmpty: false }) foundAt ??= _now;
        });

        Assert.InRange(foundAt!.Value - fellSilentAt, 4, 6);
    }

    [Fact]
    public void Proven_silence_ends_with_whatever_comes_of_the_node()
    {
        Run(10, round => Answer(round, 2, 3));
        _provenSilent = [Node(3)];
        Run(4, round => Answer(round, 2));
        Assert.Equal([3], LastVerdict());

        _received[Node(3)] = 1;
        Assert.Empty(LastVerdict());
    }

    [Fact]
    public void A_node_whose_timers_come_late_waits_longer_for_proven_silence_too()
    {
        _provenSilent = [Node(3)];
        double healthy = SecondsUntilFound(late: 0), starved = SecondsUntilFound(late: 0.5);
        Assert.InRange(healthy, 2.3, 3.4);
        Assert.InRange(starved - healthy, 3, 6);
    }

    [Fact]
    public void A_node_whose_timers_come_late_accuses_later_and_one_that_recovers_as_soon_as_ever()
    {
        double healthy = SecondsUntilFound(late: 0), starved = SecondsUntilFound(late: 0.5);
        Assert.InRange(starved - healthy, 3, 6);
        Run(10, round => Answer(round, 2, 3));
        Assert.Equal(0, _beats.Health.Score);
        Assert.InRange(SecondsUntilFound(late: 0), healthy - 1, healthy + 1);
    }

    private double SecondsUntilFound(double late)
    {
        for (int beat = 0; beat < 20; beat++) StepLate(late, 2, 3);
        double silentAt = _now;
        while (!StepLate(late, 2))
        {
            Assert.InRange(_now - silentAt, 0, 30);
        }

        double found = _now - silentAt;
        Assert.Equal(late > 0 ? LocalHealth.Most : 0, _beats.Health.Score);
        Run(5, round => Answer(round, 2, 3));
        return found;
    }

    /// <returns>Whether somebody was found silent.</returns>
    private bool StepLate(double late, params int[] answering)
    {
        _now = Math.Max(_now, _beats.WakeAt.TotalSeconds) + late;
        HeartbeatRound round = _beats.Advance(Now());
        Answer(round, answering);
        return round.Unavailable is { IsEmpty: false };
    }

    private IReadOnlyList<int> LastVerdict()
    {
        IReadOnlyList<int> last = [];
        Run(1.1, round => last = round.Unavailable?.Numbers() ?? last);
        return last;
    }

    private TimeSpan Now() => TimeSpan.FromSeconds(_now);

    private void Answer(HeartbeatRound round, params int[] numbers)
    {
        foreach (UniqueAddress node in round.Beats.Where(node => numbers.Contains(new[] { node }.Numbers()[0])))
            _beats.SignOfLife(node, Now());
    }

    private void Run(double seconds, Action<HeartbeatRound> see)
    {
        double end = _now + seconds;
        while (_beats.WakeAt <= TimeSpan.FromSeconds(end))
        {
            _now = Math.Max(_now, _beats.WakeAt.TotalSeconds);
            see(_beats.Advance(Now()));
        }

        _now = end;
    }
}
