namespace Akka.Cluster.Tools.Singleton;

/// <summary>What a lease asks of a singleton: none is started before it is taken, and none goes on without it.</summary>
internal sealed partial record SingletonState
{
    /// <summary>The singleton whose lease was lost is still stopping.</summary>
    public bool IsStopping { get; init; }

    /// <summary>Its singleton has stopped, and the lease is being given back.</summary>
    public bool IsReleasing { get; init; }

    /// <summary>How often the lease was asked for: answers to former questions are none to this one.</summary>
    public int LeaseQuestion { get; init; }

    /// <summary>A loss was heard of since the last question was asked. Threads tell of it and of the answer, so that what is
    /// granted may be lost before the grant is known.</summary>
    public bool IsLostMeanwhile { get; init; }

    /// <summary>How often the lease was given back: the end of a former time is not that of the last.</summary>
    public int LeaseReleases { get; init; }

    /// <summary>The lease is given back, or it cannot be found out whether it is.</summary>
    public SingletonStep OnLeaseReleased(int release) =>
        IsReleasing && release == LeaseReleases ? (this with { IsReleasing = false }).HandOver() : Stay();

    /// <summary>The lease is this node's, or it is not, or nobody knows.</summary>
    public SingletonStep OnLease(int question, bool isGranted)
    {
        if (Phase == SingletonPhase.AcquiringLease && !IsStopping && question == LeaseQuestion)
        {
            return isGranted && !IsLostMeanwhile
                ? new(this with { Phase = SingletonPhase.Oldest }, [new SingletonEffect.StartSingleton()])
                : new(this, [new SingletonEffect.RetryLease(question)]);
        }
        // It came too late, and somebody else may want it. Who has asked again is asking for just this.
        bool wantsIt = Phase is SingletonPhase.AcquiringLease or SingletonPhase.Oldest or SingletonPhase.WasOldest;
        return isGranted && !wantsIt ? ReleaseLease() : Stay();
    }

    public SingletonStep OnLeaseRetry(int question) =>
        Phase == SingletonPhase.AcquiringLease && !IsStopping && question == LeaseQuestion ? AcquireLease() : Stay();

    /// <summary>The lease is not this node's any more: another may start the singleton. A lease may well tell so in answer to
    /// an earlier question than it granted last, so that no loss is another's: at worst the singleton is started
    /// anew.</summary>
    public SingletonStep OnLeaseLost() => Phase switch
    {
        SingletonPhase.AcquiringLease => new(this with { IsLostMeanwhile = true }, []),
        SingletonPhase.Oldest => new(
            this with { Phase = SingletonPhase.AcquiringLease, IsStopping = true }, [new SingletonEffect.StopSingleton()]),
        SingletonPhase.WasOldest => StopSingleton(null, []),
        _ => Stay(),
    };

    private SingletonStep OnStoppedWithoutLease() => SelfExiting
        ? new(this with { Phase = SingletonPhase.Gone, IsStopping = false }, [new SingletonEffect.StopManager()])
        : (this with { IsStopping = false }).AcquireLease();

    private SingletonStep AcquireLease() => new(
        this with { Phase = SingletonPhase.AcquiringLease, LeaseQuestion = LeaseQuestion + 1, IsLostMeanwhile = false },
        [new SingletonEffect.AcquireLease(LeaseQuestion + 1)]);

    private SingletonStep ReleaseLease() => new(
        this with { LeaseReleases = LeaseReleases + 1 }, [new SingletonEffect.ReleaseLease(LeaseReleases + 1)]);
}
