using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <param name="Retries">How often a hand-over is asked for at least.</param>
/// <param name="UsesLease">Only who has a lease may have the singleton.</param>
internal sealed record SingletonRules(int Retries, bool UsesLease = false);

internal sealed record SingletonStep(SingletonState State, ImmutableArray<SingletonEffect> Effects);

/// <summary>What a manager wants done.</summary>
internal abstract record SingletonEffect
{
    private SingletonEffect()
    {
    }

    /// <summary>To the manager on that node.</summary>
    public sealed record Send(Address To, IClusterSingletonMessage Message) : SingletonEffect;

    public sealed record Reply(IClusterSingletonMessage Message) : SingletonEffect;

    public sealed record StartSingleton : SingletonEffect;

    public sealed record StopSingleton : SingletonEffect;

    /// <summary>Ask again after the retry interval.</summary>
    public sealed record Retry : SingletonEffect;

    /// <summary>Ask for the lease, and tell the answer.</summary>
    public sealed record AcquireLease(int Question) : SingletonEffect;

    /// <summary>Ask again after the lease's retry interval.</summary>
    public sealed record RetryLease(int Question) : SingletonEffect;

    /// <summary>Give the lease back, and tell when that is done or has failed.</summary>
    public sealed record ReleaseLease(int Release) : SingletonEffect;

    public sealed record StopManager : SingletonEffect;
}
