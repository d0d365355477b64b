using Akka.Configuration;

namespace Akka.Coordination;

/// <summary>The times of a lease.</summary>
/// <param name="heartbeatInterval">How often its owner renews it.</param>
/// <param name="heartbeatTimeout">When one that is not renewed is free again.</param>
/// <param name="operationTimeout">How long an operation may take.</param>
public sealed class TimeoutSettings(TimeSpan heartbeatInterval, TimeSpan heartbeatTimeout, TimeSpan operationTimeout)
{
    public TimeSpan HeartbeatInterval { get; } = heartbeatInterval;

    public TimeSpan HeartbeatTimeout { get; } = heartbeatTimeout;

    public TimeSpan OperationTimeout { get; } = operationTimeout;

    /// <exception cref="ArgumentException">It would be renewed too late: at least twice in its time, or one late renewal
    /// loses it.</exception>
    public static TimeoutSettings Create(Config config)
    {
        TimeSpan interval = config.GetTimeSpan("heartbeat-interval");
        TimeSpan timeout = config.GetTimeSpan("heartbeat-timeout");
        if (interval > timeout / 2)
        {
            throw new ArgumentException(
                $"heartbeat-interval is {interval}, but must be at most half of heartbeat-timeout, which is {timeout}.",
                nameof(config));
        }

        return new TimeoutSettings(interval, timeout, config.GetTimeSpan("lease-operation-timeout"));
    }

    public TimeoutSettings WithHeartbeatInterval(TimeSpan interval) => new(interval, HeartbeatTimeout, OperationTimeout);

    public TimeoutSettings WithHeartbeatTimeout(TimeSpan timeout) => new(HeartbeatInterval, timeout, OperationTimeout);

    public TimeoutSettings WithOperationTimeout(TimeSpan timeout) => new(HeartbeatInterval, HeartbeatTimeout, timeout);

    public override string ToString() => $"TimeoutSettings({HeartbeatInterval}, {HeartbeatTimeout}, {OperationTimeout})";
}
