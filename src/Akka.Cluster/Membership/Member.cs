using System.Collections.Immutable;
using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>
/// A node as the cluster knows it. Two members are equal when they are the same life of the same node, whatever their
/// status: a <see cref="Member"/> found in an older state still finds its successor in a newer one.
/// </summary>
public sealed class Member : IComparable<Member>, IComparable
{
    /// <summary>The up-number of a member that was never Up: younger than everyone.</summary>
    internal const int NeverUp = int.MaxValue;

    /// <summary>By host, port and uid: the order of every member list.</summary>
    public static readonly IComparer<Member> Ordering =
        Comparer<Member>.Create((a, b) => a.UniqueAddress.CompareTo(b.UniqueAddress));

    /// <summary>Oldest first.</summary>
    public static readonly IComparer<Member> AgeOrdering = Comparer<Member>.Create(CompareAge);

    /// <summary>How addresses sort: host by ordinal, then port by number.</summary>
    public static readonly IComparer<Address> AddressOrdering =
        Comparer<Address>.Create(UniqueAddress.CompareAddresses);

    /// <summary>Up and Leaving before the rest; who would lead comes first.</summary>
    internal static readonly IComparer<Member> LeaderStatusOrdering = Comparer<Member>.Create((a, b) =>
    {
        int byRank = LeaderRank(a.Status).CompareTo(LeaderRank(b.Status));
        return byRank != 0 ? byRank : a.UniqueAddress.CompareTo(b.UniqueAddress);
    });

    internal Member(
        UniqueAddress node, int upNumber, MemberStatus status, ImmutableHashSet<string> roles, AppVersion version)
    {
        UniqueAddress = node;
        UpNumber = upNumber;
        Status = status;
        Roles = roles;
        AppVersion = version;
    }

    public UniqueAddress UniqueAddress { get; }

    public Address Address => UniqueAddress.Address;

    public MemberStatus Status { get; }

    public ImmutableHashSet<string> Roles { get; }

    /// <summary>The version of the application the node runs, as it said when joining.</summary>
    public AppVersion AppVersion { get; }

    /// <summary>The how-manieth member to become Up; lower is older. <see cref="NeverUp"/> before that.</summary>
    internal int UpNumber { get; }

    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>Became Up before <paramref name="other"/>; among equals the address decides.</summary>
    public bool IsOlderThan(Member other) => CompareAge(this, other) < 0;

    /// <returns>The member in its next status.</returns>
    /// <exception cref="InvalidOperationException">No member goes from its status to that one.</exception>
    public Member Copy(MemberStatus status)
    {
        if (status == Status) return this;
        if (!MemberTransitions.Allows(Status, status))
            throw new InvalidOperationException($"Invalid member status transition [{this}] -> [{status}]");
        return new Member(UniqueAddress, UpNumber, status, Roles, AppVersion);
    }

    /// <returns>The member as Up, the <paramref name="upNumber"/>th to become so.</returns>
    public Member CopyUp(int upNumber) =>
        new Member(UniqueAddress, upNumber, Status, Roles, AppVersion).Copy(MemberStatus.Up);

    public int CompareTo(Member? other) => other is null ? 1 : UniqueAddress.CompareTo(other.UniqueAddress);

    int IComparable.CompareTo(object? obj) => CompareTo(obj as Member);

    public override bool Equals(object? obj) => obj is Member other && UniqueAddress.Equals(other.UniqueAddress);

    public override int GetHashCode() => UniqueAddress.GetHashCode();

    public override string ToString() =>
        $"Member(address = {Address}, Uid={UniqueAddress.Uid} status = {Status}, " +
        $"role=[{string.Join(",", SortedRoles())}], upNumber={UpNumber}, version={AppVersion})";

    internal static Member Create(UniqueAddress node, ImmutableHashSet<string> roles, AppVersion version) =>
        new(node, NeverUp, MemberStatus.Joining, roles, version);

    /// <summary>
    /// Roles in an order that does not depend on the process; for everything that is written or sent.
    /// </summary>
    internal IEnumerable<string> SortedRoles() => Roles.Order(StringComparer.Ordinal);

    /// <summary>The member as a removed one, for the event that says so.</summary>
    internal Member AsRemoved() => new(UniqueAddress, UpNumber, MemberStatus.Removed, Roles, AppVersion);

    /// <summary>
    /// Two views of one member: the one further on in life wins, Down before everything, Exiting before Leaving,
    /// Leaving before the rest. Equal status: the older one.
    /// </summary>
    internal static Member HighestPriority(Member a, Member b)
    {
        int byStatus = MergeRank(a.Status).CompareTo(MergeRank(b.Status));
        if (byStatus != 0) return byStatus > 0 ? a : b;
        return a.UpNumber <= b.UpNumber ? a : b;
    }

    private static int CompareAge(Member a, Member b)
    {
        int byNumber = a.UpNumber.CompareTo(b.UpNumber);
        return byNumber != 0 ? byNumber : a.UniqueAddress.CompareTo(b.UniqueAddress);
    }

    private static int MergeRank(MemberStatus status) => status switch
    {
        MemberStatus.Joining => 0,
        MemberStatus.WeaklyUp => 1,
        MemberStatus.Up => 2,
        MemberStatus.Leaving => 3,
        MemberStatus.Exiting => 4,
        MemberStatus.Down => 5,
        _ => 6,
    };

    private static int LeaderRank(MemberStatus status) => status switch
    {
        MemberStatus.Up or MemberStatus.Leaving => 0,
        MemberStatus.WeaklyUp => 1,
        MemberStatus.Joining => 2,
        MemberStatus.Exiting => 3,
        MemberStatus.Down => 4,
        _ => 5,
    };
}
