using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>How much a slow line has at once, by what it delivers.</summary>
public sealed class UnderWayTests
{
    private UnderWay _underWay;
    private TimeSpan _now = TimeSpan.FromHours(1);
    private long _delivered;

    [Fact]
    public void A_slow_line_gets_the_least_first_and_then_what_it_delivers_in_half_a_second()
    {
        Assert.Equal(UnderWay.LeastBytes, Look(bytes: 100_000, seconds: 0.4, roundTrip: 0.4));
        Assert.Null(Look(bytes: 12_800, seconds: 0.4, roundTrip: 0.5));
        Assert.Equal(16_000, Look(bytes: 3_200, seconds: 0.1, roundTrip: 0.5));
        Assert.Equal(32_000, Look(bytes: 32_000, seconds: 0.5, roundTrip: 0.5));
        Assert.Equal(UnderWay.LeastBytes, Look(bytes: 1_000, seconds: 0.5, roundTrip: 0.5));
    }

    [Fact]
    public void A_long_line_gets_what_it_delivers_in_a_round_trip_and_a_quarter()
    {
        Look(bytes: 0, seconds: 1, roundTrip: 1.2, shortest: 1);
        Assert.Equal(125_000, Look(bytes: 120_000, seconds: 1.2, roundTrip: 1.2, shortest: 1));
    }

    /// <summary>It delivers all that it has in each round trip, so that it has more each time, until its rate is found;
    /// then the limit stays.</summary>
    [Theory]
    [InlineData(0.4, 32_000)]
    [InlineData(0.05, 32_000)]
    [InlineData(1.0, 500_000)]
    public void A_limit_grows_to_the_rate_of_the_line_and_not_beyond(double roundTrip, double rate)
    {
        int limit = Look(bytes: 0, seconds: 1, roundTrip)!.Value;
        for (int time = 0; time < 40; time++)
        {
            double taken = Math.Max(Math.Max(roundTrip, limit / rate), 0.25);
            double delivered = Math.Min(rate, limit / roundTrip) * taken;
            limit = Look((long)delivered, taken, taken, roundTrip)!.Value;
        }
        Assert.InRange(limit, Math.Max(UnderWay.LeastBytes, rate * Math.Max(0.5, roundTrip) * 0.99),
            Math.Max(UnderWay.LeastBytes, rate * Math.Max(0.5, roundTrip) * 1.26));
    }

    [Fact]
    public void A_line_that_proves_fast_has_no_limit_any_more_and_begins_anew_when_it_is_slow_again()
    {
        Look(bytes: 0, seconds: 1, roundTrip: 0.0001);
        Assert.Null(Look(bytes: 262_143, seconds: 0.01, roundTrip: 0.0001));
        Assert.Equal(int.MaxValue, Look(bytes: 1, seconds: 0.001, roundTrip: 0.0001));
        Assert.Equal(UnderWay.LeastBytes, Look(bytes: 5, seconds: 60, roundTrip: 0.4));
    }

    [Fact]
    public void What_was_delivered_while_there_was_nothing_to_send_says_nothing()
    {
        Look(bytes: 0, seconds: 1, roundTrip: 0.4);
        Assert.Equal(16_000, Look(bytes: 16_000, seconds: 0.5, roundTrip: 0.4));
        _underWay.Pause();
        Assert.Null(Look(bytes: 10, seconds: 60, roundTrip: 0.4));
        Assert.Equal(16_000, Look(bytes: 16_000, seconds: 0.5, roundTrip: 0.4));
    }

    private int? Look(long bytes, double seconds, double roundTrip, double shortest = 0.0001)
    {
        _now += TimeSpan.FromSeconds(seconds);
        _delivered += bytes;
        return _underWay.Look(
            new TcpFigures(_delivered, TimeSpan.FromSeconds(roundTrip), TimeSpan.FromSeconds(shortest)), _now);
    }
}
