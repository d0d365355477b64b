namespace Akka.Remote.Tests.Inside;

/// <summary>What the phi detector learns of pauses that it has forgiven. Akka.NET learns them whole.</summary>
public sealed class PhiHistoryTests
{
    private long _now = 1_000;

    [Fact]
    public void Pauses_that_were_survived_do_not_delay_the_next_verdict()
    {
        PhiAccrualFailureDetector detector = Phi();
        Beats(detector, count: 8, every: 1_000);
        Beats(detector, count: 1, every: 2_000);
        Beats(detector, count: 3, every: 1_000);
        Beats(detector, count: 1, every: 3_000);
        Beats(detector, count: 3, every: 1_000);

        _now += 5_500;

        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void A_rhythm_that_slows_down_for_good_is_learned()
    {
        PhiAccrualFailureDetector detector = Phi();
        Beats(detector, count: 20, every: 1_000);
        Beats(detector, count: 40, every: 3_000);

        _now += 5_500;
        Assert.True(detector.IsAvailable);
        _now += 8_000;
        Assert.False(detector.IsAvailable);
    }

    private void Beats(PhiAccrualFailureDetector detector, int count, int every)
    {
        for (int beat = 0; beat < count; beat++)
        {
            _now += every;
            Assert.True(detector.IsAvailable);
            detector.HeartBeat();
        }
    }

    private PhiAccrualFailureDetector Phi() => new(
        threshold: 8,
        maxSampleSize: 1_000,
        minStdDeviation: TimeSpan.FromMilliseconds(100),
        acceptableHeartbeatPause: TimeSpan.FromSeconds(3),
        firstHeartbeatEstimate: TimeSpan.FromSeconds(1),
        () => _now);
}
