namespace Akka.Cluster.SBR;

/// <summary>How far a node is with the lease that decides a split.</summary>
internal enum LeasePhase
{
    /// <summary>It neither has nor wants it.</summary>
    None,

    /// <summary>Lets the larger side try first.</summary>
    Waiting,

    /// <summary>Has asked for it.</summary>
    Asked,

    /// <summary>Has it.</summary>
    Held,
}

/// <summary>What has to be done about the lease.</summary>
internal enum LeaseStep
{
    Nothing,
    Acquire,
    Release,
}

/// <summary>
/// A node's claim to the lease of <see cref="LeaseMajority"/>.
/// <code>
///   None --a split is to be decided--> Waiting (smaller side) --> Asked --granted--> Held --nobody Down for a while--> None
///   Held --another split--> Asked                                 Asked --refused--> None
/// </code>
/// </summary>
/// <param name="At">While waiting, when to ask; while held, when to give it back, if nobody is Down then.</param>
/// <param name="Question">Number of the last question. An answer to an earlier one comes too late.</param>
internal sealed record LeaseClaim(LeasePhase Phase, TimeSpan At, long Question)
{
    public static readonly LeaseClaim None = new(LeasePhase.None, TimeSpan.Zero, 0);

    /// <summary>Time has passed.</summary>
    /// <param name="split">The split that is to be decided now; null if there is none.</param>
    /// <param name="anyDown">Whether a member is Down and not yet removed.</param>
    public (LeaseClaim Claim, LeaseStep Step) Tick(LeaseMajority rule, SplitView? split, bool anyDown, TimeSpan now)
    {
        switch (Phase)
        {
            case LeasePhase.None when split is not null:
                LeaseClaim waiting = this with { Phase = LeasePhase.Waiting, At = now + rule.DelayOf(split) };
                return waiting.Tick(rule, split, anyDown, now);
            case LeasePhase.Waiting when split is null: return (this with { Phase = LeasePhase.None }, LeaseStep.Nothing);
            case LeasePhase.Waiting when At <= now: return Ask();
            case LeasePhase.Held when split is not null: return Ask();
            case LeasePhase.Held when anyDown: return (this with { At = now + rule.ReleaseAfter }, LeaseStep.Nothing);
            case LeasePhase.Held when At <= now: return (this with { Phase = LeasePhase.None }, LeaseStep.Release);
            default: return (this, LeaseStep.Nothing);
        }
    }

    /// <summary>Whether this is what the answer to the last question decides.</summary>
    public bool Awaits(long question) => Phase == LeasePhase.Asked && question == Question;

    /// <summary>The last question was answered.</summary>
    public LeaseClaim Answered(LeaseMajority rule, bool granted, TimeSpan now) => granted
        ? this with { Phase = LeasePhase.Held, At = now + rule.ReleaseAfter }
        : this with { Phase = LeasePhase.None };

    private (LeaseClaim, LeaseStep) Ask() =>
        (this with { Phase = LeasePhase.Asked, Question = Question + 1 }, LeaseStep.Acquire);
}
