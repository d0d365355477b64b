using Akka.Actor;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>
/// The remote watcher of a cluster node. Members are judged by the cluster, not by heartbeats of its own: who watches
/// an actor on a member that is removed is told then. A member that was Down is quarantined, too: it may still live
/// and believe that it is part of the cluster.
/// </summary>
internal sealed class ClusterRemoteWatcher(IFailureDetectorRegistry<Address> detectors, RemoteWatcherSettings settings)
    : RemoteWatcher(detectors, settings)
{
    // Between two times that a node is told again who watches there, after this node's own end.
    private const int AnswersBetweenRewatches = 10;

    // By address the numbers of the lives there: until a former one is removed, the next may be a member beside it.
    private readonly Dictionary<Address, HashSet<int>> _members = [];
    private readonly Dictionary<Address, int> _answers = [];
    private UniqueAddress? _self;
    private bool _hasEnded;

    public static new Props Props(IFailureDetectorRegistry<Address> detectors, RemoteWatcherSettings settings) =>
        Actor.Props.Create(() => new ClusterRemoteWatcher(detectors, settings)).WithDeploy(Deploy.Local);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Follow follow:
                _self = follow.Cluster.SelfUniqueAddress;
                follow.Cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent));
                break;
            case ClusterEvent.CurrentClusterState state:
                foreach (Member member in state.Members) TakeOver(member);
                break;
            case ClusterEvent.MemberRemoved removed:
                OnRemoved(removed);
                break;
            case ClusterEvent.MemberUp up when up.Member.UniqueAddress == _self:
                RewatchAll();
                break;
            case ClusterEvent.IMemberEvent change:
                TakeOver(change.Member);
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    protected override void WatchNode(IInternalActorRef watchee)
    {
        if (!_members.ContainsKey(watchee.Path.Address)) base.WatchNode(watchee);
    }

    /// <summary>
    /// Others may remove this node long after its own end, and forget then who has watched from here since. They do not
    /// say so, and they answer heartbeats as before.
    /// </summary>
    protected override bool MayHaveForgotten(Address node)
    {
        if (!_hasEnded) return false;
        int answers = _answers[node] = _answers.GetValueOrDefault(node) + 1;
        return answers % AnswersBetweenRewatches == 0;
    }

    protected override void UnwatchNode(Address node)
    {
        base.UnwatchNode(node);
        _answers.Remove(node);
    }

    /// <summary>
    /// When others remove a former life at this address, they forget who watches from here, this life too. Once this life
    /// is Up all have removed that one, so what is watched again now stays watched.
    /// </summary>
    private void RewatchAll()
    {
        foreach (IInternalActorRef watchee in Watchees) Rewatch(watchee);
    }

    /// <summary>
    /// Another life is a member at that address. It has not gone, and answers for actors of the former one that there are
    /// none. (Akka.NET says of its actors, too, that they are gone.)
    /// </summary>
    private void RewatchAll(Address address)
    {
        foreach (IInternalActorRef watchee in Watchees.Where(each => each.Path.Address.Equals(address)))
            Rewatch(watchee);
    }

    /// <summary>From WeaklyUp on the cluster knows and judges the member.</summary>
    private void TakeOver(Member member)
    {
        if (member.Status == MemberStatus.Joining || member.UniqueAddress == _self) return;
        if (_members.TryGetValue(member.Address, out HashSet<int>? lives))
        {
            lives.Add(member.UniqueAddress.Uid);
            return;
        }

        _members.Add(member.Address, [member.UniqueAddress.Uid]);
        TakeOverResponsibility(member.Address);
    }

    /// <summary>
    /// At this node's own end all others are removed, too. They have removed it or will, and then forget who watches from
    /// here: so their actors count as gone, and who is watched from now on is heartbeated, and told so again and again.
    /// </summary>
    private void OnRemoved(ClusterEvent.MemberRemoved removed)
    {
        UniqueAddress node = removed.Member.UniqueAddress;
        if (node == _self)
        {
            _hasEnded = true;
            return;
        }
        if (_members.TryGetValue(node.Address, out HashSet<int>? lives) && lives.Remove(node.Uid) && lives.Count == 0)
            _members.Remove(node.Address);
        if (removed.PreviousStatus == MemberStatus.Down) Quarantine(node.Address, node.Uid);
        if (_members.ContainsKey(node.Address)) RewatchAll(node.Address);
        else PublishAddressTerminated(node.Address);
    }

    /// <summary>From the provider, when the cluster has been started.</summary>
    internal sealed record Follow(Cluster Cluster) : INoSerializationVerificationNeeded;
}
