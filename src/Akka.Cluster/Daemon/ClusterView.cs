using Akka.Actor;
using Akka.Cluster.Membership;

namespace Akka.Cluster.Daemon;

/// <summary>
/// The node's state as other threads may read it. Only the membership actor writes it, and before it tells anybody of
/// the change: who hears of an event and looks finds it here.
/// </summary>
internal sealed class ClusterView(UniqueAddress self, ClusterSettings settings)
{
    private volatile Seen _seen = new(Gossip.Empty, false);

    public Gossip Gossip => _seen.Gossip;

    public bool IsTerminated => _seen.IsTerminated;

    public Member SelfMember => Gossip.Find(self)
        ?? new Member(self, Member.NeverUp, MemberStatus.Removed, settings.Roles, settings.AppVersion);

    public ClusterEvent.CurrentClusterState State
    {
        get
        {
            Seen seen = _seen;
            return seen.State ??= EventDifference.Snapshot(seen.Gossip, self);
        }
    }

    public void Show(Gossip gossip) => _seen = new Seen(gossip, false);

    public void Terminate() => _seen = new Seen(Gossip.Empty, true);

    // The snapshot is made when somebody looks; two that look at once make the same one twice.
    private sealed record Seen(Gossip Gossip, bool IsTerminated)
    {
        public ClusterEvent.CurrentClusterState? State { get; set; }
    }
}
