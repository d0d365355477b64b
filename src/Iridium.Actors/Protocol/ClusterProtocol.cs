using System.Collections.Immutable;

namespace Iridium.Actors.Protocol;

/// <summary>
/// How nodes meet. A node that wants to join says <see cref="Hello"/> to the member it was told of; the welcome is
/// <see cref="HelloAck"/> with the nodes that member knows, after which membership itself is the cluster's gossip.
/// Members that come Up greet one another the same way.
/// </summary>
public static class ClusterProtocol
{
    /// <param name="Uid">The incarnation of the sender's actor system, so that a restarted node is told from its
    /// former self.</param>
    /// <param name="Joining">True before joining: may I? False among members: here I am.</param>
    /// <param name="Attempt">Repeated by the answer: a hello may be said several times, and each is answered.</param>
    public sealed record Hello(string Alias, long Uid, bool Joining, int Attempt) : IWireMessage;

    /// <param name="Nodes">Every member the sender knows, itself included, in the order of their addresses.</param>
    public sealed record HelloAck(string Alias, long Uid, ImmutableArray<NodeAddress> Nodes, int Attempt)
        : IWireMessage;

    /// <param name="Detail">What the reason is about: the address of the node that has the alias.</param>
    public sealed record HelloRefused(JoinRefusal Reason, string Detail, int Attempt) : IWireMessage;

    /// <summary>Form a cluster of one. Answered with <see cref="ClusterStarted"/>.</summary>
    public sealed record StartCluster(int Request);

    /// <param name="WasMember">It had started or joined one before; nothing was changed.</param>
    public sealed record ClusterStarted(int Request, string Address, bool WasMember);

    /// <summary>Join the cluster that the node at this endpoint is in. Answered with <see cref="Joined"/> or
    /// <see cref="JoinFailed"/>, after at most <c>iridium.node.join-timeout</c>. A join that failed may be tried
    /// again.</summary>
    public sealed record JoinCluster(int Request, string Host, int Port);

    /// <param name="Address">The member joined through.</param>
    public sealed record Joined(int Request, string Address);

    public sealed record JoinFailed(int Request, JoinRefusal Reason, string Detail);

    /// <summary>List the members as this node sees them. Answered with <see cref="Members"/>.</summary>
    public sealed record ListMembers(int Request);

    /// <param name="Nodes">In the order of their addresses; empty before a cluster was started or joined.</param>
    public sealed record Members(int Request, ImmutableArray<NodeRow> Nodes);

    /// <summary>Published on the node's event stream when something happens to a node of the cluster.</summary>
    /// <param name="Status">Akka's name for where the member stands, such as <c>Up</c>.</param>
    public sealed record NodeEvent(NodeChange Change, string Alias, string Address, string Status);

    /// <summary>Published when this node must leave because an older member has its alias.</summary>
    /// <param name="Holder">The address of the member that has it.</param>
    public sealed record AliasTaken(string Alias, string Holder);

    /// <summary>Must this node leave? Answered with <see cref="AliasTaken"/> if so, else with nothing. Who starts to
    /// listen asks once: a node that joins by its seed nodes may have been told before anyone listened.</summary>
    public sealed record AskAlias
    {
        public static AskAlias Instance { get; } = new();
    }
}

/// <summary>Why a node could not join.</summary>
public enum JoinRefusal
{
    /// <summary>A living member has this alias.</summary>
    AliasTaken = 1,

    /// <summary>The node asked is in no cluster itself.</summary>
    NoCluster = 2,

    /// <summary>The alias breaks the rules of aliases.</summary>
    BadAlias = 3,

    /// <summary>Nobody answered in time.</summary>
    TimedOut = 4,

    /// <summary>The connection was refused, or the host is not known.</summary>
    CannotConnect = 5,

    /// <summary>This node is a member already.</summary>
    AlreadyMember = 6,

    /// <summary>The host or port is not one, or is this node's own.</summary>
    BadEndpoint = 7,

    /// <summary>This process was started without a cluster endpoint.</summary>
    NoEndpoint = 8,

    /// <summary>The node asked, or this one, is on its way out.</summary>
    Leaving = 9,

    /// <summary>A join is under way.</summary>
    Busy = 10,
}

/// <summary>What happened to a node, in the shell's words.</summary>
public enum NodeChange
{
    /// <summary>It said hello.</summary>
    Hello = 1,
    Joining = 2,
    Joined = 3,
    Unreachable = 4,
    Reachable = 5,
    Leaving = 6,
    Left = 7,

    /// <summary>It was removed without having left.</summary>
    Removed = 8,

    /// <summary>Someone decided that it is gone for good.</summary>
    Downed = 9,
}

/// <summary>A node as another one names it in its welcome.</summary>
public sealed record NodeAddress(string Alias, string Host, int Port);

/// <summary>One line of the list of members.</summary>
/// <param name="Alias">Null for a member that is no Iridium node.</param>
/// <param name="Greeted">It has said hello.</param>
public sealed record NodeRow(
    string? Alias, string Address, string Status, ImmutableArray<string> Roles,
    bool Reachable, bool IsSelf, bool IsLeader, bool Greeted);
