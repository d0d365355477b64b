using System.Collections.Immutable;
using Akka.Remote.Probing;

namespace Akka.Remote.Tests.Inside;

/// <summary>The asking of one silent peer, moment by moment.</summary>
public class ProbeStateTests
{
    private const long Uid = 77;

    private ProbeState _state;
    private long _now = 1_000;

    public ProbeStateTests()
    {
        (_state, ImmutableArray<ProbeEffect> first) = ProbeState.Start(ProbeSettings.Default, Uid, _now);
        Assert.Equal("dial 1", Text(first));
    }

    [Fact]
    public void It_asks_eight_times_a_second_and_each_answer_is_a_sign_of_life()
    {
        Assert.Equal("ask 1 on 1", Take(new ProbeInput.Opened(1)));
        Assert.Equal("alive", Answer(1, 1));
        Assert.Equal("1125 ask 2 on 1", Wait(125));
        Assert.Equal("alive", Answer(1, 2));
        Assert.Equal("1250 ask 3 on 1", Wait(125));
    }

    [Fact]
    public void While_nothing_is_answered_another_connection_is_dialled_at_every_tick_and_the_first_answer_ends_the_others()
    {
        Take(new ProbeInput.Opened(1));
        Assert.Equal("1125 ask 2 on 1, 1125 dial 2, 1250 ask 3 on 1, 1250 dial 3", Wait(250));
        Take(new ProbeInput.Opened(2));
        Assert.Equal("abort 1, abort 3, alive", Answer(2, 4));
        Assert.Equal("", Answer(1, 3));
        Assert.Equal("1375 ask 5 on 2, 1500 ask 6 on 2, 1500 dial 4", Wait(250));
    }

    [Fact]
    public void A_connection_that_answers_nothing_for_two_seconds_is_given_up()
    {
        Take(new ProbeInput.Opened(1));
        Answer(1, 1);
        Assert.DoesNotContain("abort", Wait(1_999));
        Assert.Contains("3000 abort 1", Wait(1));
    }

    [Fact]
    public void Twelve_connections_without_an_answer_are_a_proof_and_later_dials_are_slower()
    {
        string dials = string.Join(", ", Wait(4_000).Split(", ").Where(each => each.Contains("dial")));
        Assert.EndsWith("2250 dial 11, 2375 dial 12, 3375 dial 13, 4375 dial 14", dials);
        Assert.Equal(2_375 + ProbeSettings.Default.Deadline, _state.ProvenAt);
    }

    // The line is full: a round trip takes a second. Each connection is answered two seconds after its dial.
    [Fact]
    public void Where_round_trips_are_long_the_proof_waits_for_two_of_them_and_no_connection_is_given_up_before()
    {
        Wait(1_000);
        Take(new ProbeInput.Opened(1));
        Wait(125);
        Take(new ProbeInput.Opened(2));
        Wait(250);
        Assert.Equal(2_375 + 300 + 2_000, _state.ProvenAt);
        Assert.DoesNotContain("abort", Wait(600));
        Assert.EndsWith("alive", Answer(1, _state.Number));
        Assert.Equal(long.MaxValue, _state.ProvenAt);

        int next = _state.Connection + 1;
        Wait(125 * 14);
        Take(new ProbeInput.Opened(next));
        Assert.InRange(_state.ProvenAt - _now, 2_000, 3_500);
    }

    [Fact]
    public void One_slow_connection_among_quick_ones_delays_no_proof()
    {
        Wait(1_000);
        Take(new ProbeInput.Opened(1));
        Take(new ProbeInput.Opened(9));
        Wait(375);
        Assert.Equal(2_375 + 300, _state.ProvenAt);
    }

    [Fact]
    public void The_proof_is_there_before_the_cluster_needs_it()
    {
        Wait(4_000);
        Assert.InRange(_state.ProvenAt - 1_000, 1_500, 1_750);
    }

    [Fact]
    public void One_answer_ends_the_proof()
    {
        Wait(4_000);
        Take(new ProbeInput.Opened(14));
        Assert.EndsWith("alive", Answer(14, _state.Number));
        Assert.Equal(long.MaxValue, _state.ProvenAt);
        Assert.Equal(0, _state.Unanswered);
        Assert.Contains("dial 15", Wait(250));
    }

    [Fact]
    public void A_refused_dial_counts_and_a_connection_that_is_opened_and_closed_does_not()
    {
        Take(new ProbeInput.Lost(1));
        Assert.Equal("1125 dial 2", Wait(125));
        Assert.Equal(2, _state.Unanswered);
        Take(new ProbeInput.Opened(2));
        Take(new ProbeInput.Lost(2));
        Assert.Equal(1, _state.Unanswered);
    }

    [Fact]
    public void A_peer_that_closes_what_it_opened_is_never_proven_silent()
    {
        for (int round = 0; round < 100; round++)
        {
            Take(new ProbeInput.Opened(_state.Connection));
            Take(new ProbeInput.Lost(_state.Connection));
            Wait(125);
        }

        Assert.Equal(long.MaxValue, _state.ProvenAt);
    }

    [Fact]
    public void Another_life_at_that_address_is_no_sign_of_this_one()
    {
        Take(new ProbeInput.Opened(1));
        Assert.Equal("", Take(Says(ProbeFrameKind.Answer, 1, Uid + 1)));
        Assert.Equal("", Take(Says(ProbeFrameKind.Ask, 1, Uid)));
        Assert.Equal("", Take(Says(ProbeFrameKind.Answer, 99, Uid)));
        Assert.Equal(1, _state.Unanswered);
    }

    [Fact]
    public void An_answer_to_an_earlier_asking_is_none()
    {
        (_state, _) = ProbeState.Start(ProbeSettings.Default, Uid, _now, origin: 1_000);
        Assert.Equal("ask 1001 on 1", Take(new ProbeInput.Opened(1)));
        foreach (long number in new[] { -1L, 1, 1_000, 1_002 }) Assert.Equal("", Answer(1, number));
        Assert.Equal("alive", Answer(1, 1_001));
    }

    [Fact]
    public void A_refusal_is_told_once_and_is_neither_a_sign_of_life_nor_silence()
    {
        Take(new ProbeInput.Opened(1));
        Assert.Equal("refused", Take(Says(ProbeFrameKind.Refusal, 1, Uid)));
        for (int number = 2; number < 40; number++)
        {
            Wait(125);
            Assert.Equal("", Take(Says(ProbeFrameKind.Refusal, number, Uid)));
        }

        Assert.Equal(0, _state.Unanswered);
        Assert.Equal(long.MaxValue, _state.ProvenAt);
        Wait(125);
        Assert.Equal("alive", Answer(1, 40));
        Wait(125);
        Assert.Equal("refused", Take(Says(ProbeFrameKind.Refusal, 41, Uid)));
    }

    [Fact]
    public void Its_connections_are_few_and_it_never_sleeps_for_ever()
    {
        const int most = 14;
        for (int seed = 0; seed < 2_000; seed++)
        {
            var chance = new Random(seed);
            long now = 0;
            (ProbeState state, ImmutableArray<ProbeEffect> effects) = ProbeState.Start(ProbeSettings.Default, Uid, now);
            HashSet<int> open = [];
            for (int step = 0; step < 90; step++)
            {
                foreach (ProbeEffect effect in effects)
                {
                    if (effect is ProbeEffect.Dial dial) Assert.True(open.Add(dial.Connection) && open.Count <= most);
                    if (effect is ProbeEffect.Abort abort) Assert.True(open.Remove(abort.Connection));
                    if (effect is ProbeEffect.Ask ask) Assert.Contains(ask.Connection, open);
                }

                Assert.Equal(open.Order(), state.Attempts.Select(attempt => attempt.Connection));
                Assert.InRange(state.TickAt, now - 5_000, now + ProbeSettings.Default.Interval);
                now += chance.Next(300);
                int connection = Math.Max(1, state.Connection - chance.Next(3));
                ProbeInput input = chance.Next(seed % 2 == 0 ? 6 : 200) switch
                {
                    0 => new ProbeInput.Opened(connection),
                    1 => new ProbeInput.Answered(
                        connection, new ProbeFrame(ProbeFrameKind.Ask + chance.Next(3), chance.Next(9), Uid)),
                    2 when open.Remove(connection) => new ProbeInput.Lost(connection),
                    _ => new ProbeInput.Tick(),
                };
                (state, effects) = state.Next(input, now);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frames_come_back_as_they_were_written_and_anything_else_is_none(bool bigEndian)
    {
        foreach (ProbeFrame frame in new ProbeFrame[]
        {
            new(ProbeFrameKind.Ask, 1, 0), new(ProbeFrameKind.Answer, long.MaxValue, 5),
            new(ProbeFrameKind.Refusal, 7, uint.MaxValue),
            new(ProbeFrameKind.Ask, long.MaxValue, long.MaxValue, [.. Enumerable.Repeat((byte)0xAB, ProbeSeals.Bytes)]),
        })
        {
            byte[] bytes = frame.ToFrame(bigEndian);
            Assert.InRange(bytes.Length, 28, ProbeFrame.MaximumBytes);
            Assert.True(ProbeFrame.TryRead(bytes.AsSpan(4), out ProbeFrame read));
            Assert.Equal(frame with { Seal = null }, read with { Seal = null });
            Assert.Equal(frame.Seal, read.Seal);
            for (int length = 0; length < bytes.Length - 4; length++)
                Assert.False(ProbeFrame.TryRead(bytes.AsSpan(4, length), out _));
        }

        Assert.False(ProbeFrame.TryRead(new byte[1_000], out _));
    }

    private string Take(ProbeInput input)
    {
        (_state, ImmutableArray<ProbeEffect> effects) = _state.Next(input, _now);
        return Text(effects);
    }

    private string Answer(int connection, long number) =>
        Take(new ProbeInput.Answered(connection, new ProbeFrame(ProbeFrameKind.Answer, number, Uid)));

    private static ProbeInput.Answered Says(ProbeFrameKind kind, long number, long uid) =>
        new(1, new ProbeFrame(kind, number, uid));

    private string Wait(long milliseconds)
    {
        long end = _now + milliseconds;
        var happened = new List<string>();
        while (_state.TickAt <= end)
        {
            _now = Math.Max(_now, _state.TickAt);
            (_state, ImmutableArray<ProbeEffect> effects) = _state.Next(new ProbeInput.Tick(), _now);
            happened.AddRange(effects.Select(effect => $"{_now} {Text([effect])}"));
        }

        _now = end;
        return string.Join(", ", happened);
    }

    private static string Text(IEnumerable<ProbeEffect> effects) => string.Join(", ", effects.Select(effect => effect switch
    {
        ProbeEffect.Dial dial => $"dial {dial.Connection}",
        ProbeEffect.Abort abort => $"abort {abort.Connection}",
        ProbeEffect.Ask ask => $"ask {ask.Number} on {ask.Connection}",
        ProbeEffect.Refused => "refused",
        _ => "alive",
    }));
}
