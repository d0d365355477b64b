using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Knows the oldest member with a role. Members that are Exiting, Down or gone do not count: their place is vacant.
/// </summary>
/// <param name="role">Null for all.</param>
/// <param name="considerAppVersion">The oldest of those with the highest app version, not the oldest of all.</param>
internal sealed class OldestMember(string? role, bool considerAppVersion)
{
    private static readonly Comparer<Member> ByVersion = Comparer<Member>.Create((one, other) =>
        other.AppVersion.CompareTo(one.AppVersion) is not 0 and var order ? order : Member.AgeOrdering.Compare(one, other));

    private readonly SortedSet<Member> _byAge = new(considerAppVersion ? ByVersion : Member.AgeOrdering);

    public UniqueAddress? Node => _byAge.Min?.UniqueAddress;

    /// <summary>The member that counts at this address, whichever life of it.</summary>
    public UniqueAddress? At(Address address) =>
        _byAge.FirstOrDefault(member => member.Address.Equals(address))?.UniqueAddress;

    public void See(Member member)
    {
        // Its age, and with it its place in the order, may have changed since.
        _byAge.RemoveWhere(known => known.UniqueAddress.Equals(member.UniqueAddress));
        bool counts = member.Status is MemberStatus.Up or MemberStatus.Leaving;
        if (counts && HasRole(member)) _byAge.Add(member);
    }

    /// <summary>It does not count any more, but what it had may still be stopping.</summary>
    public bool IsGoing(Member member) => member.Status is MemberStatus.Exiting or MemberStatus.Down && HasRole(member);

    private bool HasRole(Member member) => role is null || member.HasRole(role);
}
