using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Knows the oldest member with a role. Members that are Exiting, Down or gone do not count: their place is vacant.
/// </summary>
internal sealed class OldestMember(string? role)
{
    private readonly SortedSet<Member> _byAge = new(Member.AgeOrdering);

    public UniqueAddress? Node => _byAge.Min?.UniqueAddress;

    /// <summary>The member that counts at this address, whichever life of it.</summary>
    public UniqueAddress? At(Address address) =>
        _byAge.FirstOrDefault(member => member.Address.Equals(address))?.UniqueAddress;

    public void See(Member member)
    {
        // Its age, and with it its place in the order, may have changed since.
        _byAge.RemoveWhere(known => known.UniqueAddress.Equals(member.UniqueAddress));
        bool counts = member.Status is MemberStatus.Up or MemberStatus.Leaving;
        if (counts && (role is null || member.HasRole(role))) _byAge.Add(member);
    }
}
