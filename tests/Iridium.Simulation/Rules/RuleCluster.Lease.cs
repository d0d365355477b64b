using Akka.Cluster.Membership;
using Akka.Cluster.SBR;

namespace Iridium.Simulation.Rules;

/// <summary>The lease by which some stories decide a split. It is kept outside of the cluster, where no partition is; but
/// what it says may be late, or not come at all.</summary>
internal sealed partial class RuleCluster
{
    private const int LeaseInOneOf = 6;

    private static readonly LeaseMajority _leaseMajority = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(40), null);
    private static readonly long _leaseOperation = TimeSpan.FromSeconds(5).Ticks;
    private static readonly long _leaseTimeout = TimeSpan.FromSeconds(20).Ticks;

    private RuleNode? _leaseOwner;
    private int _leaseLife;
    private long _leaseEnds;

    /// <summary>How long an answer that is lost is waited for, where a lease decides.</summary>
    private TimeSpan LeaseWait =>
        _settings.Downing is { Strategy: LeaseMajority } ? TimeSpan.FromTicks(_leaseOperation) : TimeSpan.Zero;

    private void AskForLease(RuleNode node, long question)
    {
        bool isOwn = _leaseOwner == node && _leaseLife == node.Life;
        // An owner that runs renews it; one that is dead or paused does so no more.
        if (_leaseOwner is { Runs: true } owner && owner.Life == _leaseLife) _leaseEnds = _now + _leaseTimeout;
        bool granted = isOwn || _leaseOwner is null || _leaseEnds < _now;
        if (granted) (_leaseOwner, _leaseLife, _leaseEnds) = (node, node.Life, _now + _leaseTimeout);
        bool isLost = _life.OneIn(20);
        Note(node, $"asks for the lease and is {(granted ? "granted" : "refused")} it{(isLost ? ", which is lost" : "")}");
        long answered = _now + (isLost ? _leaseOperation : _life.NextInt64(_second));
        Plan(answered, new RuleEvent(
            RuleEventKind.LeaseAnswer, node.Index, node.Life, From: (int)question, FromLife: granted && !isLost ? 1 : 0));
    }

    private void HearOfLease(RuleNode node, in RuleEvent answer)
    {
        bool granted = answer.FromLife != 0;
        Step(node, new LeaseAnswered(answer.From, _bug?.TakesForGranted(granted) ?? granted));
    }

    private void ReleaseLease(RuleNode node)
    {
        if (_leaseOwner == node && _leaseLife == node.Life) _leaseOwner = null;
    }
}
