using Akka.Actor;

namespace Akka.Remote.Transport;

/// <summary>
/// The adapter <c>trttl</c> of <c>akka.remote.dot-netty.tcp.applied-adapters</c>: makes the way to and from single
/// peers slow, or swallows what goes there, while the connections stay. Steered by <see cref="SetThrottle"/>, a
/// command for <see cref="RemoteTransport.ManagementCommand"/>.
/// </summary>
public static class ThrottleTransportAdapter
{
    /// <summary>What stands in addresses for this adapter.</summary>
    public const string Scheme = "trttl";

    /// <summary>Which way, seen from the system that is told. The numbers are those of the conductor's wire.</summary>
    public enum Direction
    {
        Send,
        Receive,
        Both,
    }
}

/// <summary>From now on, treat what goes to or comes from a peer so.</summary>
/// <param name="Address">The peer; its host and port count.</param>
public sealed record SetThrottle(Address Address, ThrottleTransportAdapter.Direction Direction, ThrottleMode Mode);
