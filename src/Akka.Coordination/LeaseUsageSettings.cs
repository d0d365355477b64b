namespace Akka.Coordination;

/// <summary>Which lease somebody uses, and how patient it is.</summary>
/// <param name="leaseImplementation">The section of the configuration that says what kind of lease it is.</param>
/// <param name="leaseRetryInterval">After how long it is asked for again when it was another's.</param>
/// <exception cref="ArgumentException">The interval is none, or without end.</exception>
public sealed class LeaseUsageSettings(string leaseImplementation, TimeSpan leaseRetryInterval)
{
    public string LeaseImplementation { get; } = leaseImplementation;

    public TimeSpan LeaseRetryInterval { get; } = leaseRetryInterval > TimeSpan.Zero
        ? leaseRetryInterval
        : throw new ArgumentException(
            $"leaseRetryInterval must be a finite time above 0, but is {leaseRetryInterval}.", nameof(leaseRetryInterval));
}
