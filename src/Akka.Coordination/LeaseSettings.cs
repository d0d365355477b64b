using Akka.Configuration;

namespace Akka.Coordination;

/// <summary>Which lease, and whose.</summary>
/// <param name="leaseName">All who want the same lease call it the same.</param>
/// <param name="ownerName">Unique to the owner.</param>
/// <param name="timeoutSettings">How long it lives and may take.</param>
/// <param name="leaseConfig">The lease's own section, with the defaults of <c>akka.coordination.lease</c>.</param>
public sealed class LeaseSettings(string leaseName, string ownerName, TimeoutSettings timeoutSettings, Config leaseConfig)
{
    public string LeaseName { get; } = leaseName;

    public string OwnerName { get; } = ownerName;

    public TimeoutSettings TimeoutSettings { get; } = timeoutSettings;

    public Config LeaseConfig { get; } = leaseConfig;

    public LeaseSettings WithTimeoutSettings(TimeoutSettings timeouts) => new(LeaseName, OwnerName, timeouts, LeaseConfig);

    public override string ToString() => $"LeaseSettings({LeaseName}, {OwnerName}, {TimeoutSettings})";
}
