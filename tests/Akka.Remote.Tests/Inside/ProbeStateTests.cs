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
    public void It_asks_five_times_a_second_and_each_answer_is_a_sign_of_life()
    {
        Assert.Equal("ask 1 on 1", Take(new ProbeInput.Opened(1)));
        Assert.Equal("alive", Answer(1, 1));
        Assert.Equal("1200 ask 2 on 1, 1400 ask 3 on 1", Wait(400));
        Assert.Equal("alive", Answer(1, 2));
    }

    [Fact]
    public void A_connection_that_answers_nothing_for_a_second_is_given_up_for_a_new_one()
    {
        Take(new ProbeInput.Opened(1));
        Wait(900);
        Assert.Equal("2000 abort 1, 2000 dial 2", Wait(200));
        Assert.Equal("", Answer(1, 1));
        Assert.Equal("ask 6 on 2", Take(new ProbeInput.Opened(2)));
        Assert.Equal("alive", Answer(2, 6));
    }

    [Fact]
    public void A_dial_that_nobody_takes_is_repeated_every_second()
    {
        Assert.Equal("2000 abort 1, 2000 dial 2, 3000 abort 2, 3000 dial 3", Wait(2_500));
    }

    [Fact]
    public void A_refused_dial_is_repeated_after_a_pause_and_not_at_once()
    {
        Assert.Equal("", Take(new ProbeInput.Lost(1)));
        Assert.Equal("1200 dial 2", Wait(250));
        Assert.Equal("", Take(new ProbeInput.Lost(1)));
        Assert.Equal("ask 1 on 2", Take(new ProbeInput.Opened(2)));
    }

    [Fact]
    public void Another_life_at_that_address_is_no_sign_of_this_one()
    {
        Take(new ProbeInput.Opened(1));
        Assert.Equal("", Take(new ProbeInput.Answered(1, new ProbeFrame(1, Uid + 1))));
        Assert.Equal("", Take(new ProbeInput.Answered(1, new ProbeFrame(1, null))));
        Assert.Equal("", Take(new ProbeInput.Answered(1, new ProbeFrame(99, Uid))));
    }

    [Fact]
    public void It_never_has_two_connections_and_never_sleeps_for_ever()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var chance = new Random(seed);
            long now = 0;
            (ProbeState state, ImmutableArray<ProbeEffect> effects) = ProbeState.Start(ProbeSettings.Default, Uid, now);
            HashSet<int> open = [];
            for (int step = 0; step < 60; step++)
            {
                foreach (ProbeEffect effect in effects)
                {
                    if (effect is ProbeEffect.Dial dial) Assert.True(open.Add(dial.Connection) && open.Count == 1);
                    if (effect is ProbeEffect.Abort abort) Assert.True(open.Remove(abort.Connection));
                    if (effect is ProbeEffect.Ask ask) Assert.Contains(ask.Connection, open);
                }

                Assert.InRange(state.WakeAt, now - 5_000, now + ProbeSettings.Default.Stall);
                now += chance.Next(300);
                int connection = Math.Max(1, state.Connection - chance.Next(2));
                ProbeInput input = chance.Next(4) switch
                {
                    0 => new ProbeInput.Opened(connection),
                    1 => new ProbeInput.Answered(connection, new ProbeFrame(chance.Next(9), Uid)),
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
        foreach (ProbeFrame frame in new ProbeFrame[] { new(1, null), new(long.MaxValue, 0), new(7, uint.MaxValue) })
        {
            byte[] bytes = frame.ToFrame(bigEndian);
            Assert.InRange(bytes.Length, 18, ProbeFrame.MaximumBytes);
            Assert.True(ProbeFrame.TryRead(bytes.AsSpan(4), out ProbeFrame read));
            Assert.Equal(frame, read);
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
        Take(new ProbeInput.Answered(connection, new ProbeFrame(number, Uid)));

    private string Wait(long milliseconds)
    {
        long end = _now + milliseconds;
        var happened = new List<string>();
        while (_state.WakeAt <= end)
        {
            _now = Math.Max(_now, _state.WakeAt);
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
        _ => "alive",
    }));
}
