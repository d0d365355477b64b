using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>
/// What <see cref="Cluster.Subscribe(IActorRef, Type[])"/> tells of: changes of the membership as this node sees it.
/// </summary>
public static class ClusterEvent
{
    /// <summary>A subscriber first gets one <see cref="CurrentClusterState"/>.</summary>
    public static readonly SubscriptionInitialStateMode InitialStateAsSnapshot =
        SubscriptionInitialStateMode.InitialStateAsSnapshot;

    /// <summary>A subscriber first gets the events that would have led to the present state.</summary>
    public static readonly SubscriptionInitialStateMode InitialStateAsEvents =
        SubscriptionInitialStateMode.InitialStateAsEvents;

    public enum SubscriptionInitialStateMode
    {
        InitialStateAsSnapshot,
        InitialStateAsEvents,
    }

    /// <summary>Anything that can be subscribed to.</summary>
    public interface IClusterDomainEvent : IDeadLetterSuppression;

    /// <summary>A member took its next step in life.</summary>
    public interface IMemberEvent : IClusterDomainEvent
    {
        Member Member { get; }
    }

    /// <summary>A member can or cannot be reached.</summary>
    public interface IReachabilityEvent : IClusterDomainEvent;

    /// <summary>The whole membership at one moment.</summary>
    public sealed class CurrentClusterState : INoSerializationVerificationNeeded
    {
        private readonly ImmutableDictionary<string, Address?> _roleLeaders;

        public CurrentClusterState()
            : this([], [], [], null, ImmutableDictionary<string, Address?>.Empty)
        {
        }

        public CurrentClusterState(
            ImmutableSortedSet<Member> members,
            ImmutableHashSet<Member> unreachable,
            ImmutableHashSet<Address> seenBy,
            Address? leader,
            ImmutableDictionary<string, Address?> roleLeaderMap)
        {
            Members = members;
            Unreachable = unreachable;
            SeenBy = seenBy;
            Leader = leader;
            _roleLeaders = roleLeaderMap;
        }

        /// <summary>In the order in which members lead.</summary>
        public ImmutableSortedSet<Member> Members { get; }

        public ImmutableHashSet<Member> Unreachable { get; }

        public ImmutableHashSet<Address> SeenBy { get; }

        /// <summary>Null while there is nobody who could lead.</summary>
        public Address? Leader { get; }

        public ImmutableHashSet<string> AllRoles => [.. Members.SelectMany(member => member.Roles)];

        /// <summary>Members run different versions of the application: a rolling update is under way.</summary>
        public bool HasMoreThanOneAppVersion => Members.Select(member => member.AppVersion).Distinct().Skip(1).Any();

        public Address? RoleLeader(string role) => _roleLeaders.GetValueOrDefault(role);

        /// <summary>The same but for what is given.</summary>
        public CurrentClusterState Copy(
            ImmutableSortedSet<Member>? members = null,
            ImmutableHashSet<Member>? unreachable = null,
            ImmutableHashSet<Address>? seenBy = null,
            Address? leader = null,
            ImmutableDictionary<string, Address?>? roleLeaderMap = null) =>
            new(members ?? Members, unreachable ?? Unreachable, seenBy ?? SeenBy, leader ?? Leader,
                roleLeaderMap ?? _roleLeaders);

        public override string ToString() =>
            $"CurrentClusterState(members = [{string.Join(", ", Members)}], " +
            $"unreachable = [{string.Join(", ", Unreachable)}], leader = {Leader})";
    }

    /// <summary>A member has another status than before.</summary>
    public abstract class MemberStatusChange : IMemberEvent
    {
        protected MemberStatusChange(Member member, MemberStatus status)
        {
            if (member.Status != status)
            {
                throw new ArgumentException(
                    $"Expected a member with status [{status}], got [{member}].", nameof(member));
            }
            Member = member;
        }

        public Member Member { get; }

        public override bool Equals(object? obj) =>
            obj is MemberStatusChange other && other.GetType() == GetType() && other.Member.Equals(Member);

        public override int GetHashCode() => Member.GetHashCode();

        public override string ToString() => $"{GetType().Name}(Member = {Member})";
    }

    public sealed class MemberJoined(Member member) : MemberStatusChange(member, MemberStatus.Joining);

    public sealed class MemberWeaklyUp(Member member) : MemberStatusChange(member, MemberStatus.WeaklyUp);

    public sealed class MemberUp(Member member) : MemberStatusChange(member, MemberStatus.Up);

    public sealed class MemberLeft(Member member) : MemberStatusChange(member, MemberStatus.Leaving);

    public sealed class MemberExited(Member member) : MemberStatusChange(member, MemberStatus.Exiting);

    public sealed class MemberDowned(Member member) : MemberStatusChange(member, MemberStatus.Down);

    /// <summary>Gone for good. A node that restarts at this address comes as another member.</summary>
    public sealed class MemberRemoved(Member member, MemberStatus previousStatus)
        : MemberStatusChange(member, MemberStatus.Removed)
    {
        /// <summary>Down: it was declared dead. Exiting: it left in good order.</summary>
        public MemberStatus PreviousStatus { get; } = previousStatus;

        public override bool Equals(object? obj) =>
            obj is MemberRemoved other && base.Equals(obj) && PreviousStatus == other.PreviousStatus;

        public override int GetHashCode() => (base.GetHashCode() * 31) + (int)PreviousStatus;

        public override string ToString() => $"MemberRemoved(Member = {Member}, PreviousStatus = {PreviousStatus})";
    }

    /// <param name="leader">Null when nobody leads.</param>
    public sealed class LeaderChanged(Address? leader) : IClusterDomainEvent
    {
        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) => obj is LeaderChanged other && Equals(Leader, other.Leader);

        public override int GetHashCode() => Leader?.GetHashCode() ?? 0;

        public override string ToString() => $"LeaderChanged(Leader = {Leader})";
    }

    /// <summary>The first among the members of a role changed.</summary>
    public sealed class RoleLeaderChanged(string role, Address? leader) : IClusterDomainEvent
    {
        public string Role { get; } = role;

        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) =>
            obj is RoleLeaderChanged other && Role == other.Role && Equals(Leader, other.Leader);

        public override int GetHashCode() => Leader?.GetHashCode() ?? 0;

        public override string ToString() => $"RoleLeaderChanged(Role = {Role}, Leader = {Leader})";
    }

    /// <summary>
    /// This node stops to be part of the cluster. After it all members are removed, this node first, and nobody leads.
    /// </summary>
    public sealed class ClusterShuttingDown : IClusterDomainEvent
    {
        public static readonly IClusterDomainEvent Instance = new ClusterShuttingDown();

        private ClusterShuttingDown()
        {
        }

        public override string ToString() => "ClusterShuttingDown";
    }

    public abstract class ReachabilityEvent : IReachabilityEvent
    {
        protected ReachabilityEvent(Member member) => Member = member;

        public Member Member { get; }

        public override bool Equals(object? obj) =>
            obj is ReachabilityEvent other && other.GetType() == GetType() && other.Member.Equals(Member);

        public override int GetHashCode() => Member.GetHashCode();

        public override string ToString() => $"{GetType().Name}(Member = {Member})";
    }

    /// <summary>Some node has not heard of this member for longer than it should.</summary>
    public sealed class UnreachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>Every node hears of this member again.</summary>
    public sealed class ReachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>Who has seen the present state.</summary>
    internal sealed record SeenChanged(bool Convergence, ImmutableHashSet<Address> SeenBy) : IClusterDomainEvent;

    /// <summary>Who cannot reach whom.</summary>
    internal sealed record ReachabilityChanged(Membership.Reachability Reachability) : IClusterDomainEvent;
}
