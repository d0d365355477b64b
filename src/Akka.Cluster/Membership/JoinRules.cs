using System.Collections.Immutable;
using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster.Membership;

/// <summary>What a Join leads to at the node that receives it.</summary>
internal enum JoinAnswer
{
    /// <summary>Not for this cluster: other protocol or system name, or this node is going itself.</summary>
    Ignore,

    /// <summary>Already a member, its first Welcome was lost: say it again.</summary>
    WelcomeAgain,

    /// <summary>A newcomer, now Joining.</summary>
    Welcome,

    /// <summary>
    /// A new life at the address of an old one. The old is downed; the newcomer tries again after its removal.
    /// </summary>
    ReplaceOld,
}

/// <summary>How a newcomer gets in, and how a node that is started finds somebody to ask.</summary>
internal static class JoinRules
{
    public static JoinAnswer Judge(Gossip gossip, UniqueAddress self, UniqueAddress newcomer)
    {
        if (newcomer.Address.Protocol != self.Address.Protocol || newcomer.Address.System != self.Address.System)
            return JoinAnswer.Ignore;
        if (gossip.Find(self) is { Status: MemberStatus.Down or MemberStatus.Exiting }) return JoinAnswer.Ignore;
        if (gossip.Has(newcomer)) return JoinAnswer.WelcomeAgain;
        return gossip.Find(newcomer.Address) is null ? JoinAnswer.Welcome : JoinAnswer.ReplaceOld;
    }

    /// <summary>The state after admitting a newcomer as Joining; itself is added if it was alone until now.</summary>
    public static Gossip Admit(Gossip gossip, UniqueAddress self, ClusterNodeSettings settings, Joiner joiner)
    {
        Gossip next = gossip.With(Member.Create(joiner.Node, joiner.Roles, joiner.AppVersion));
        if (!next.Has(self)) next = next.With(Member.Create(self, settings.Roles, settings.AppVersion));
        return next.Changed(self);
    }

    /// <summary>The state after a new life showed up at the address of <paramref name="old"/>; the same if it did
    /// before: the newcomer asks again and again until the old life is removed.</summary>
    public static Gossip DownOldLife(Gossip gossip, UniqueAddress self, Member old)
    {
        Reachability reachability = gossip.Reachability.Terminated(self, old.UniqueAddress);
        bool isNew = old.Status != MemberStatus.Down || !ReferenceEquals(reachability, gossip.Reachability);
        if (!isNew) return gossip;
        Gossip next = gossip.With(old.Copy(MemberStatus.Down)) with { Reachability = reachability };
        return next.Changed(self);
    }

    /// <summary>How to begin with these seed nodes.</summary>
    public static JoinPlan Plan(ImmutableArray<Address> seeds, Address self)
    {
        if (seeds.IsEmpty) return JoinPlan.Wait;
        ImmutableArray<Address> others = seeds.RemoveAll(self.Equals);
        if (others.IsEmpty) return JoinPlan.JoinSelf;
        return seeds[0].Equals(self) ? JoinPlan.AskThenLead : JoinPlan.Ask;
    }
}

internal enum JoinPlan
{
    /// <summary>No seeds: a program or a person will say whom to join.</summary>
    Wait,

    /// <summary>The only seed: found the cluster.</summary>
    JoinSelf,

    /// <summary>First seed: ask the others whether a cluster exists, found it when none knows of one.</summary>
    AskThenLead,

    /// <summary>Any other node: ask until somebody answers, never found a cluster.</summary>
    Ask,
}

/// <summary>Who wants in.</summary>
internal sealed record Joiner(UniqueAddress Node, ImmutableHashSet<string> Roles, AppVersion AppVersion);
