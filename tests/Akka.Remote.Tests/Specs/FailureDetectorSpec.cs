using Akka.Remote;

namespace Akka.Remote.Tests.Specs;

public class FailureDetectorSpec
{
    private long _now = 1_000;

    [Fact]
    public void A_peer_never_heard_of_is_available_and_not_monitored()
    {
        PhiAccrualFailureDetector detector = Phi(threshold: 8);
        _now += 1_000_000;
        Assert.True(detector.IsAvailable);
        Assert.False(detector.IsMonitoring);
    }

    [Fact]
    public void A_steady_peer_that_falls_silent_is_suspected_after_the_acceptable_pause()
    {
        PhiAccrualFailureDetector detector = Phi(threshold: 8, pause: 3);
        for (int beat = 0; beat < 50; beat++)
        {
            detector.HeartBeat();
            _now += 1_000;
            Assert.True(detector.IsAvailable);
        }
        _now += 2_900;
        Assert.True(detector.IsAvailable);
        _now += 2_000;
        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void An_outage_is_not_learned_as_a_rhythm()
    {
        PhiAccrualFailureDetector detector = Phi(threshold: 8, pause: 1);
        for (int beat = 0; beat < 20; beat++, _now += 1_000) detector.HeartBeat();
        _now += 60_000;
        Assert.False(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsAvailable);
        _now += 5_000;
        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void The_memory_of_intervals_is_bounded()
    {
        PhiAccrualFailureDetector detector = Phi(threshold: 8, pause: 0, samples: 10);
        for (int beat = 0; beat < 100; beat++, _now += 10_000) detector.HeartBeat();
        for (int beat = 0; beat < 12; beat++, _now += 1_000) detector.HeartBeat();
        _now += 9_000;
        Assert.False(detector.IsAvailable);
    }

    [EmbeddedTheory("Akka.NET takes them")]
    [InlineData(0, 10, 100, 3000, 1000, "threshold")]
    [InlineData(8, 0, 100, 3000, 1000, "max-sample-size")]
    [InlineData(8, 10, 0, 3000, 1000, "min-std-deviation")]
    [InlineData(8, 10, 100, -1, 1000, "acceptable-heartbeat-pause")]
    [InlineData(8, 10, 100, 3000, 0, "heartbeat-interval")]
    public void A_setting_out_of_range_is_refused_by_name(
        double threshold, int samples, int deviation, int pause, int first, string name)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => new PhiAccrualFailureDetector(
            threshold,
            samples,
            TimeSpan.FromMilliseconds(deviation),
            TimeSpan.FromMilliseconds(pause),
            TimeSpan.FromMilliseconds(first)));
        Assert.Contains(name.Split('-')[0], error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_deadline_passes_after_interval_and_pause_together()
    {
        DeadlineFailureDetector detector = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), () => _now);
        Assert.True(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsMonitoring);
        _now += 2_999;
        Assert.True(detector.IsAvailable);
        _now += 1;
        Assert.False(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsAvailable);
    }

    [Fact]
    public void A_registry_watches_each_resource_by_itself()
    {
        DefaultFailureDetectorRegistry<string> registry = new(() => Phi(threshold: 8, pause: 1));
        Assert.True(registry.IsAvailable("a"));
        registry.Heartbeat("a");
        _now += 10_000;
        registry.Heartbeat("b");
        Assert.False(registry.IsAvailable("a"));
        Assert.True(registry.IsAvailable("b"));
        registry.Remove("a");
        Assert.True(registry.IsAvailable("a"));
        Assert.False(registry.IsMonitoring("a"));
        registry.Reset();
        Assert.False(registry.IsMonitoring("b"));
    }

    private PhiAccrualFailureDetector Phi(double threshold, int pause = 0, int samples = 100) => new(
        threshold,
        samples,
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromSeconds(pause),
        TimeSpan.FromSeconds(1),
        () => _now);
}
