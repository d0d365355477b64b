namespace Akka.Remote;

/// <summary>The registry that everybody uses. Its members may be called from different threads.</summary>
/// <param name="factory">Makes the detector of a new resource.</param>
public sealed class DefaultFailureDetectorRegistry<T>(Func<FailureDetector> factory) : IFailureDetectorRegistry<T>
    where T : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<T, FailureDetector> _detectors = [];

    internal int Count
    {
        get
        {
            lock (_gate) return _detectors.Count;
        }
    }

    /// <inheritdoc />
    public bool IsAvailable(T resource) => GetFailureDetector(resource)?.IsAvailable ?? true;

    /// <inheritdoc />
    public bool IsMonitoring(T resource) => GetFailureDetector(resource)?.IsMonitoring ?? false;

    /// <inheritdoc />
    public void Heartbeat(T resource)
    {
        FailureDetector? detector;
        lock (_gate)
        {
            if (!_detectors.TryGetValue(resource, out detector))
            {
                detector = factory();
                _detectors.Add(resource, detector);
            }
        }
        detector.HeartBeat();
    }

    /// <inheritdoc />
    public void Remove(T resource)
    {
        lock (_gate) _detectors.Remove(resource);
    }

    /// <inheritdoc />
    public void Reset()
    {
        lock (_gate) _detectors.Clear();
    }

    internal FailureDetector? GetFailureDetector(T resource)
    {
        lock (_gate) return _detectors.GetValueOrDefault(resource);
    }
}
