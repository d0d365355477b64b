using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Something happened to this system's connections; published on the event stream.</summary>
public abstract class RemotingLifecycleEvent
{
    /// <summary>How loud it is when it is logged.</summary>
    public abstract LogLevel LogLevel();
}

/// <summary>Something happened between this system and one peer.</summary>
public abstract class AssociationEvent : RemotingLifecycleEvent
{
    public abstract Address LocalAddress { get; protected set; }

    public abstract Address RemoteAddress { get; protected set; }

    /// <summary>The peer dialled.</summary>
    public abstract bool IsInbound { get; protected set; }
}

/// <summary>A connection to a peer is open.</summary>
public sealed class AssociatedEvent(Address localAddress, Address remoteAddress, bool inbound) : AssociationEvent
{
    public override Address LocalAddress { get; protected set; } = localAddress;

    public override Address RemoteAddress { get; protected set; } = remoteAddress;

    public override bool IsInbound { get; protected set; } = inbound;

    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;

    public override string ToString() =>
        $"Associated [{LocalAddress}] {(IsInbound ? "<-" : "->")} [{RemoteAddress}]";
}

/// <summary>A connection that was open is gone.</summary>
public sealed class DisassociatedEvent(Address localAddress, Address remoteAddress, bool inbound) : AssociationEvent
{
    public override Address LocalAddress { get; protected set; } = localAddress;

    public override Address RemoteAddress { get; protected set; } = remoteAddress;

    public override bool IsInbound { get; protected set; } = inbound;

    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;

    public override string ToString() =>
        $"Disassociated [{LocalAddress}] {(IsInbound ? "<-" : "->")} [{RemoteAddress}]";
}

/// <summary>A peer could not be reached, or broke the protocol.</summary>
public sealed class AssociationErrorEvent(
    Exception cause, Address localAddress, Address remoteAddress, bool inbound, LogLevel level) : AssociationEvent
{
    public Exception Cause { get; } = cause;

    public override Address LocalAddress { get; protected set; } = localAddress;

    public override Address RemoteAddress { get; protected set; } = remoteAddress;

    public override bool IsInbound { get; protected set; } = inbound;

    public override LogLevel LogLevel() => level;

    public override string ToString() =>
        $"AssociationError [{LocalAddress}] {(IsInbound ? "<-" : "->")} [{RemoteAddress}]: {Cause.Message}";
}

/// <summary>This system listens.</summary>
public sealed class RemotingListenEvent(IList<Address> listenAddresses) : RemotingLifecycleEvent
{
    public IList<Address> ListenAddresses { get; } = listenAddresses;

    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;

    public override string ToString() => $"Remoting now listens on addresses: [{string.Join(", ", ListenAddresses)}]";
}

/// <summary>This system's connections are closed.</summary>
public sealed class RemotingShutdownEvent : RemotingLifecycleEvent
{
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;

    public override string ToString() => "Remoting shut down";
}

/// <summary>Remoting itself failed.</summary>
public sealed class RemotingErrorEvent(Exception cause) : RemotingLifecycleEvent
{
    public Exception Cause { get; } = cause;

    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;

    public override string ToString() => $"Remoting error: {Cause.Message}";
}

/// <summary>One life of a peer will never be talked to again.</summary>
public sealed class QuarantinedEvent(Address address, int uid) : RemotingLifecycleEvent
{
    public Address Address { get; } = address;

    public int Uid { get; } = uid;

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;

    public override string ToString() =>
        $"Association to [{Address}] with unique id [{Uid}] is quarantined: no message from or to it passes any more. "
        + "Only a restart of that system mends this.";
}

/// <summary>A peer will never talk to this process again. An application that hears this as a rule ends the
/// process.</summary>
public sealed class ThisActorSystemQuarantinedEvent(Address localAddress, Address remoteAddress)
    : RemotingLifecycleEvent
{
    public Address LocalAddress { get; } = localAddress;

    public Address RemoteAddress { get; } = remoteAddress;

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;

    public override string ToString() =>
        $"The remote system {RemoteAddress} has quarantined this system {LocalAddress}.";
}

/// <summary>Messages to a peer are dead letters for a while, because it was lost or cannot be reached.</summary>
public sealed class GatedEvent(Address address, TimeSpan duration) : RemotingLifecycleEvent
{
    public Address Address { get; } = address;

    public TimeSpan Duration { get; } = duration;

    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;

    public override string ToString() =>
        $"No association with [{Address}]: messages to it are dead letters for {Duration.TotalMilliseconds:0} ms.";
}
