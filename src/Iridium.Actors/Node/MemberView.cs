using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Node;

/// <summary>The cluster's members as their events told, and what the node's rules want to know of them. Every list is
/// in an order that does not depend on the order of the events.</summary>
internal sealed class MemberView
{
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];

    public Address? Leader { get; set; }

    private IEnumerable<Member> Ordered =>
        _members.Values
            .OrderBy(member => $"{member.Address}", StringComparer.Ordinal)
            .ThenBy(member => member.UniqueAddress.Uid);

    /// <summary>What to call a member: its alias, or its host and port if it is no Iridium node.</summary>
    public static string NameOf(Member member) =>
        Alias.FromRoles(member.Roles) ?? $"{member.Address.Host}:{member.Address.Port}";

    public void Set(Member member) => _members[member.UniqueAddress] = member;

    public void Remove(UniqueAddress address)
    {
        _members.Remove(address);
        _unreachable.Remove(address);
    }

    /// <returns>Whether that is news.</returns>
    public bool SetReachable(UniqueAddress address, bool isReachable) =>
        isReachable ? _unreachable.Remove(address) : _unreachable.Add(address);

    public Member? Find(UniqueAddress address) => _members.GetValueOrDefault(address);

    public Member? Find(Address address, long uid) =>
        Ordered.FirstOrDefault(member => member.Address == address && member.UniqueAddress.Uid == uid);

    public bool IsUp(UniqueAddress address) => Find(address) is { Status: MemberStatus.Up or MemberStatus.WeaklyUp };

    /// <summary>The members to greet: Up, reachable, with an alias, not this node.</summary>
    public IEnumerable<Member> ToGreet(UniqueAddress self) => Ordered.Where(member =>
        !member.UniqueAddress.Equals(self) && IsUp(member.UniqueAddress) && IsReachable(member)
        && Alias.FromRoles(member.Roles) is not null);

    public ImmutableArray<KnownNode> KnownNodes() =>
    [
        .. Ordered.Select(member => new KnownNode(
            Alias.FromRoles(member.Roles), $"{member.Address}", member.Address.Host ?? "", member.Address.Port ?? 0,
            member.UniqueAddress.Uid, IsReachable(member) && IsStaying(member))),
    ];

    /// <summary>Who may have a name. Not what is still heard of a former life at this node's own address: nobody else knows
    /// so surely that it is over.</summary>
    public ImmutableArray<AliasHolder> Holders(UniqueAddress self)
    {
        List<Member> byAge = ByAge();
        return
        [
            .. Ordered.Where(member => member.UniqueAddress.Equals(self) || !member.Address.Equals(self.Address))
                .Select(member => new AliasHolder(
                    Alias.FromRoles(member.Roles), $"{member.Address}", member.Status == MemberStatus.Up,
                    IsReachable(member), member.UniqueAddress.Equals(self), byAge.IndexOf(member))),
        ];
    }

    public ImmutableArray<OtherNode> Others(UniqueAddress self) =>
    [
        .. ByAge()
            .Where(member => !member.UniqueAddress.Equals(self) && IsStaying(member))
            .Select(member => (member, alias: Alias.FromRoles(member.Roles)))
            .Where(pair => pair.alias is not null)
            .Select(pair => new OtherNode(pair.alias!, pair.member.Address, IsReachable(pair.member))),
    ];

    public ImmutableArray<NodeRow> Rows(UniqueAddress self, IReadOnlySet<UniqueAddress> greeted) =>
    [
        .. Ordered.Select(member => new NodeRow(
            Alias.FromRoles(member.Roles), $"{member.Address}", $"{member.Status}",
            [.. member.Roles.Order(StringComparer.Ordinal)], IsReachable(member), member.UniqueAddress.Equals(self),
            member.Address == Leader, greeted.Contains(member.UniqueAddress))),
    ];

    private bool IsReachable(Member member) => !_unreachable.Contains(member.UniqueAddress);

    /// <summary>Not on its way out.</summary>
    public static bool IsStaying(Member member) =>
        member.Status is MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up;

    private List<Member> ByAge()
    {
        List<Member> members = [.. Ordered];
        members.Sort((one, other) => one.IsOlderThan(other) ? -1 : other.IsOlderThan(one) ? 1 : 0);
        return members;
    }
}
