using System.Collections.Immutable;
using Akka.Cluster.Membership;

namespace Akka.Cluster.SBR;

/// <summary>What a downing strategy looks at: the members as this node sees them, split by whether somebody alive
/// says that they cannot be reached. All on this side see the same, which is why they decide the same.</summary>
internal sealed class SplitView
{
    private readonly ImmutableArray<UniqueAddress> _unreachable;

    public SplitView(Gossip gossip, UniqueAddress self)
        : this(gossip, self, gossip.ReachabilityOfTheLiving())
    {
    }

    private SplitView(Gossip gossip, UniqueAddress self, Reachability reachability)
    {
        Gossip = gossip;
        Self = self;
        Reachability = reachability;
        _unreachable = reachability.AllUnreachable().Without(self).RemoveAll(node => !gossip.Has(node));
    }

    public Gossip Gossip { get; }

    public UniqueAddress Self { get; }

    public Reachability Reachability { get; }

    /// <summary>Members that still could be downed: all but Down and Exiting.</summary>
    public IEnumerable<Member> Downable =>
        Gossip.Members.Where(member => member.Status is not (MemberStatus.Down or MemberStatus.Exiting));

    public bool HasUnreachable => Downable.Any(IsUnreachable);

    public bool IsUnreachable(Member member) => _unreachable.Has(member.UniqueAddress);

    /// <summary>Who counts: Up and Leaving, with the role if one is given.</summary>
    public ImmutableArray<Member> Considered(string? role) =>
        [.. Gossip.Members.Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving && HasRole(m, role))];

    /// <summary>
    /// Not in Akka.NET, where a newcomer has no say in a split and waits for ever for hosts that are gone or have removed
    /// it. Nobody who counts is on its side, so whatever the strategy, the other side downs it; or all who counted are down.
    /// Where nobody has counted yet, the cluster is about to begin.
    /// </summary>
    public bool ReachesNobodyWhoCounts => Gossip.Members.Any(member => member.UpNumber != Member.NeverUp)
        && Considered(null).All(host =>
            Gossip.Reachability.Status(Self, host.UniqueAddress) != ReachabilityStatus.Reachable);

    /// <summary>
    /// Who would count if every change that the other side may have made without us were true: on this side the
    /// Leaving are gone, on the other side the newcomers are Up.
    /// </summary>
    /// <remarks>
    /// Not in Akka.NET: who is Down and cannot be reached may not have heard of it. A node that downs some members, and
    /// finds out only then that it was cut off from all of them, must not take what is left for the whole.
    /// </remarks>
    public ImmutableArray<Member> ConsideredAtWorst(string? role) =>
    [
        .. Gossip.Members.Where(member => HasRole(member, role) && member.Status switch
        {
            MemberStatus.Up => true,
            MemberStatus.Leaving or MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Down =>
                IsUnreachable(member),
            _ => false,
        }),
    ];

    /// <summary>
    /// Nodes that somebody cannot reach although they are connected through others: who is complained of and complains
    /// itself, and both ends of a complaint about a node that has seen the present state.
    /// </summary>
    public ImmutableArray<UniqueAddress> IndirectlyConnected() =>
        ComplainersComplainedOf().Union(SeenThoughUnreachable());

    /// <summary>The same split without the complaints between indirectly connected nodes.</summary>
    public SplitView WithoutIndirectlyConnected()
    {
        ImmutableArray<UniqueAddress> inRing = ComplainersComplainedOf();
        ImmutableArray<UniqueAddress> seen = SeenThoughUnreachable();
        return new SplitView(Gossip, Self, Reachability.Without((observer, subject) =>
            (inRing.Has(observer) && inRing.Has(subject)) || (seen.Has(observer) && seen.Has(subject))));
    }

    private static bool HasRole(Member member, string? role) => string.IsNullOrEmpty(role) || member.HasRole(role);

    private ImmutableArray<UniqueAddress> ComplainersComplainedOf()
    {
        ImmutableArray<UniqueAddress> subjects = Reachability.AllUnreachable();
        return Reachability.AllObservers().RemoveAll(observer => !subjects.Has(observer));
    }

    private ImmutableArray<UniqueAddress> SeenThoughUnreachable() => NodeSet.Of(Reachability.Complaints()
        .Where(complaint => Gossip.SeenBy(complaint.Subject))
        .SelectMany(complaint => new[] { complaint.Observer, complaint.Subject }));
}
