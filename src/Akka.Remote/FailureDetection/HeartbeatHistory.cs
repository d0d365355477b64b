namespace Akka.Remote;

/// <summary>The last so many intervals between heartbeats, with their mean and deviation, in milliseconds. A ring with
/// running sums, so that a judgement costs the same at 1,000 samples as at one.</summary>
internal sealed class HeartbeatHistory
{
    private readonly long[] _ring;
    private int _count;
    private int _next;
    private double _sum;
    private double _squaredSum;

    public HeartbeatHistory(int maxSampleSize) => _ring = new long[maxSampleSize];

    public double Mean => _count == 0 ? 0 : _sum / _count;

    // Rounding of the running sums can bring the variance a hair below zero.
    public double StandardDeviation => _count == 0 ? 0 : Math.Sqrt(Math.Max(0, _squaredSum / _count - Mean * Mean));

    public int Count => _count;

    public void Add(long interval)
    {
        if (_count == _ring.Length)
        {
            long oldest = _ring[_next];
            _sum -= oldest;
            _squaredSum -= (double)oldest * oldest;
        }
        else
        {
            _count++;
        }
        _ring[_next] = interval;
        _next = (_next + 1) % _ring.Length;
        _sum += interval;
        _squaredSum += (double)interval * interval;
    }
}
