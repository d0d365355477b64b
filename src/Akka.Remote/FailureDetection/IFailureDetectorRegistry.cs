namespace Akka.Remote;

/// <summary>One failure detector per watched resource, made when its first heartbeat comes.</summary>
/// <typeparam name="T">What is watched, an address as a rule.</typeparam>
public interface IFailureDetectorRegistry<T>
{
    /// <summary>True while the resource is believed alive; an unknown one is.</summary>
    bool IsAvailable(T resource);

    /// <summary>True once a heartbeat of this resource came.</summary>
    bool IsMonitoring(T resource);

    /// <summary>Records a heartbeat, and starts to watch the resource if it is new.</summary>
    void Heartbeat(T resource);

    /// <summary>Forgets the resource and its rhythm.</summary>
    void Remove(T resource);

    /// <summary>Forgets all.</summary>
    void Reset();
}
