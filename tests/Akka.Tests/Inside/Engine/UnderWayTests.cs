using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>How much a slow line has at once, by what it delivers.</summary>
public sealed class UnderWayTests
{
    private UnderWay _underWay;
    private TimeSpan _now = TimeSpan.FromHours(1);
    private long _delivered;
    private LineShare? _share;

    [Fact]
    public void A_slow_line_gets_little_first_and_then_what_it_delivers_in_half_a_second()
    {
        Begin(roundTrip: 0.4);
        Assert.Null(Look(bytes: 12_800, seconds: 0.4, roundTrip: 0.5));
        Assert.Equal(16_000, Look(bytes: 3_200, seconds: 0.1, roundTrip: 0.5));
        Assert.Equal(24_000, Look(bytes: 32_000, seconds: 0.5, roundTrip: 0.5));
        Assert.Equal(32_000, Look(bytes: 32_000, seconds: 0.5, roundTrip: 0.5));
        Look(bytes: 1_000, seconds: 0.5, roundTrip: 0.5);
        Assert.Equal(UnderWay.LeastBytes, Look(bytes: 1_000, seconds: 0.5, roundTrip: 0.5));
    }

    [Fact]
    public void What_is_acknowledged_before_the_line_is_filled_says_nothing()
    {
        Assert.Equal(UnderWay.LeastBytes, Look(bytes: 100_000, seconds: 0.4, roundTrip: 0.4));
        Assert.Null(Look(bytes: 2_000, seconds: 0.4, roundTrip: 0.4));
        Assert.Equal(16_000, Look(bytes: 16_000, seconds: 0.5, roundTrip: 0.5));
    }

    [Fact]
    public void A_long_line_gets_what_it_delivers_in_a_round_trip_and_a_quarter()
    {
        Begin(roundTrip: 1.2, shortest: 1);
        Assert.Equal(125_000, Look(bytes: 120_000, seconds: 1.2, roundTrip: 1.2, shortest: 1));
    }

    /// <summary>It may have delivered little because it had little.</summary>
    [Theory]
    [InlineData(0.47, 20_000)]
    [InlineData(0.48, 16_000)]
    public void A_line_with_a_short_queue_gets_more_than_it_delivers(double roundTrip, int bytes)
    {
        Begin(roundTrip: 0.5);
        Look(bytes: 16_000, seconds: 0.5, roundTrip: 0.5);
        Assert.Equal(bytes, Look(bytes: 16_000, seconds: 0.5, roundTrip));
    }

    /// <summary>Others make its queue long, and it gets less of the line, so that these get theirs.</summary>
    [Fact]
    public void A_line_that_others_need_gets_less_each_time()
    {
        Begin(roundTrip: 0.5);
        for (int time = 0; time < 2; time++) Look(bytes: 16_000, seconds: 0.5, roundTrip: 0.5);
        int bytes = 16_000;
        for (int time = 0; time < 8; time++)
        {
            int next = Look(bytes, seconds: 0.75, roundTrip: 0.75)!.Value;
            Assert.InRange(next, UnderWay.LeastBytes, bytes);
            bytes = next;
        }
        Assert.Equal(UnderWay.LeastBytes, bytes);
    }

    /// <summary>It delivers all that it has in each round trip, so that it has more each time, until its rate is found;
    /// then the limit stays.</summary>
    [Theory]
    [InlineData(0.4, 32_000)]
    [InlineData(0.05, 32_000)]
    [InlineData(1.0, 500_000)]
    public void A_limit_grows_to_the_rate_of_the_line_and_not_beyond(double roundTrip, double rate)
    {
        int limit = Begin(roundTrip);
        for (int time = 0; time < 60; time++)
        {
            double taken = Math.Max(Math.Max(roundTrip, limit / rate), 0.25);
            double delivered = Math.Min(rate, limit / roundTrip) * taken;
            double queued = Math.Max(roundTrip, limit / rate);
            limit = Look((long)delivered, taken, queued, roundTrip)!.Value;
        }
        Assert.InRange(limit, Math.Max(UnderWay.LeastBytes, rate * Math.Max(0.5, roundTrip) * 0.99),
            Math.Max(UnderWay.LeastBytes, rate * Math.Max(0.5, roundTrip) * 1.5));
    }

    /// <summary>Acknowledgements that come all at once make room for all that may be under way; a queue that was filled at
    /// once would lose it. A line with room has to show it all the same.</summary>
    [Fact]
    public void Nothing_is_sent_much_faster_than_the_line_delivers()
    {
        Begin(roundTrip: 0.5);
        for (int time = 0; time < 2; time++) Look(bytes: 32_000, seconds: 0.5, roundTrip: 0.5);
        Assert.Equal(96_000, _share!.Value.BytesPerSecond);
        for (int time = 0; time < 2; time++) Look(bytes: 1_000, seconds: 0.5, roundTrip: 0.5);
        Assert.Equal((int)(1.5 * 12 * 1024 / 0.5), _share!.Value.BytesPerSecond);
    }

    /// <summary>It may be fast, and its reader was slow: at the pace of a slow one it would not show that for seconds.</summary>
    [Fact]
    public void A_line_that_is_near_is_not_paced()
    {
        Look(bytes: 0, seconds: 1, roundTrip: 0.0001);
        Assert.True(_share!.Value.BytesPerSecond > 100_000_000);
        Look(bytes: 0, seconds: 1, roundTrip: 0);
        Look(bytes: 0, seconds: 1, roundTrip: 0);
        Assert.Equal(int.MaxValue, _share!.Value.BytesPerSecond);
    }

    [Fact]
    public void A_line_that_proves_fast_has_no_limit_any_more_and_begins_anew_when_it_is_slow_again()
    {
        Look(bytes: 0, seconds: 1, roundTrip: 0.0001);
        Assert.Null(Look(bytes: 262_143, seconds: 0.01, roundTrip: 0.0001));
        Look(bytes: 1, seconds: 0.001, roundTrip: 0.0001);
        Assert.Equal(LineShare.Whole, _share);
        Assert.Equal(UnderWay.LeastBytes, Look(bytes: 5, seconds: 60, roundTrip: 0.4));
    }

    [Fact]
    public void What_was_delivered_while_there_was_nothing_to_send_says_nothing()
    {
        Begin(roundTrip: 0.5);
        Assert.Equal(16_000, Look(bytes: 16_000, seconds: 0.5, roundTrip: 0.5));
        _underWay.Pause();
        Assert.Null(Look(bytes: 10, seconds: 60, roundTrip: 0.5));
        Assert.Null(Look(bytes: 10, seconds: 0.5, roundTrip: 0.5));
        Assert.Equal(16_000, Look(bytes: 16_000, seconds: 0.5, roundTrip: 0.5));
    }

    // The line is filled with what it gets first.
    private int Begin(double roundTrip, double shortest = 0.0001)
    {
        int bytes = Look(bytes: 0, seconds: 1, roundTrip, shortest)!.Value;
        Assert.Equal(UnderWay.LeastBytes, bytes);
        Assert.Null(Look(bytes: 0, Math.Max(roundTrip, 0.25), roundTrip, shortest));
        return bytes;
    }

    private int? Look(long bytes, double seconds, double roundTrip, double shortest = 0.0001)
    {
        _now += TimeSpan.FromSeconds(seconds);
        _delivered += bytes;
        _share = _underWay.Look(
            new TcpFigures(_delivered, TimeSpan.FromSeconds(roundTrip), TimeSpan.FromSeconds(shortest)), _now);
        return _share?.Bytes;
    }
}
