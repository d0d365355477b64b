namespace Akka.TestKit;

/// <summary>A meeting point for a number of threads; whoever waits too long gets an exception.</summary>
public class TestBarrier
{
    private readonly TestKitBase _kit;
    private readonly Barrier _barrier;
    private readonly TimeSpan _defaultTimeout;

    public TestBarrier(TestKitBase testKit, int count, TimeSpan? defaultTimeout = null)
    {
        _kit = testKit;
        _barrier = new Barrier(count);
        _defaultTimeout = defaultTimeout ?? TimeSpan.FromSeconds(5);
    }

    public void Await() => Await(_defaultTimeout);

    public void Await(TimeSpan timeout)
    {
        TimeSpan limit = _kit.Dilated(timeout);
        if (!_barrier.SignalAndWait(limit))
            throw new TimeoutException($"Not everybody reached the barrier within {limit}.");
    }
}
