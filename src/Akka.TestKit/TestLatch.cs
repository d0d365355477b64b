namespace Akka.TestKit;

/// <summary>A gate that opens after a number of countdowns; waiting at a closed one has a limit.</summary>
public class TestLatch
{
    private readonly Func<TimeSpan, TimeSpan> _dilate;
    private readonly CountdownEvent _countdown;

    public TestLatch(int count = 1)
        : this(time => time, count, TimeSpan.FromSeconds(5))
    {
    }

    internal TestLatch(Func<TimeSpan, TimeSpan> dilate, int count, TimeSpan defaultTimeout)
    {
        _dilate = dilate;
        _countdown = new CountdownEvent(count);
        DefaultTimeout = defaultTimeout;
    }

    public bool IsOpen => _countdown.IsSet;

    protected TimeSpan DefaultTimeout { get; }

    public void CountDown()
    {
        if (!_countdown.IsSet) _countdown.Signal();
    }

    public void Open()
    {
        while (!_countdown.IsSet)
        {
            int left = _countdown.CurrentCount;
            if (left > 0 && _countdown.Signal(left)) return;
        }
    }

    public void Reset() => _countdown.Reset();

    public void Ready(CancellationToken cancellationToken = default) => Ready(DefaultTimeout, cancellationToken);

    /// <exception cref="TimeoutException">The latch did not open in time.</exception>
    public void Ready(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (timeout <= TimeSpan.Zero) throw new ArgumentException(
            "A latch waits for a positive time.", nameof(timeout));
        if (!_countdown.Wait(_dilate(timeout), cancellationToken))
            throw new TimeoutException($"The latch did not open within {_dilate(timeout)}.");
    }
}
