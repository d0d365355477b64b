using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Util;

namespace Akka.Cluster.Tests.Inside;

/// <summary>Short names for what these tests speak of: node 1 is the one that sorts first.</summary>
internal static class Nodes
{
    public static Address AddressOf(int number) => new("akka.tcp", "Tales", "127.0.0.1", 8000 + number);

    public static UniqueAddress Node(int number, int life = 1) => new(AddressOf(number), (number * 100) + life);

    public static Member In(
        int number, MemberStatus status, int upNumber = Member.NeverUp, int life = 1, params string[] roles) =>
        new(Node(number, life), upNumber, status, [.. roles], AppVersion.Zero);

    /// <summary>A member as old as its number says.</summary>
    public static Member Up(int number, params string[] roles) => In(number, MemberStatus.Up, number, 1, roles);

    /// <summary>A state that everybody in it has seen.</summary>
    public static Gossip GossipOf(params Member[] members)
    {
        Gossip gossip = Gossip.Empty;
        foreach (Member member in members) gossip = gossip.With(member);
        VectorClock version = VectorClock.Empty.Increment(members[0].UniqueAddress.ClockName);
        return gossip with { Seen = gossip.Members.Nodes(), Version = version };
    }

    public static Gossip Unreachable(this Gossip gossip, int observer, int subject) =>
        gossip with { Reachability = gossip.Reachability.Unreachable(Node(observer), Node(subject)) };

    public static int[] Numbers(this IEnumerable<UniqueAddress> nodes) =>
        [.. nodes.Select(node => node.Address.Port!.Value - 8000)];

    public static int[] Numbers(this IEnumerable<Member> members) =>
        members.Select(member => member.UniqueAddress).Numbers();
}
