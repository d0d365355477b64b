using Akka.Actor;
using Akka.Remote.Transport;

namespace Akka.Remote.TestKit.Protocol;

/// <summary>What players and the controller say to each other.</summary>
internal abstract record ConductorMessage
{
    /// <summary>A player introduces itself: its role, and where its actor system is reached.</summary>
    public sealed record Hello(string Role, Address Address) : ConductorMessage;

    /// <summary>About a barrier: a player enters it or calls it off, the controller says how it ended.</summary>
    /// <param name="Timeout">How long the player is ready to wait; null: as long as is usual.</param>
    public sealed record Barrier(string Name, BarrierOp Op, TimeSpan? Timeout = null, string Role = "")
        : ConductorMessage;

    /// <summary>An order to a player to be a nuisance.</summary>
    public sealed record Failure(
        FailureKind Kind,
        ThrottleTransportAdapter.Direction Direction = ThrottleTransportAdapter.Direction.Send,
        Address? Target = null,
        float RateMBit = 0,
        int ExitValue = 0) : ConductorMessage;

    /// <summary>The greeting is accepted, or the order carried out.</summary>
    public sealed record Done : ConductorMessage
    {
        public static readonly Done Instance = new();
    }

    /// <summary>Asks for the address of a role, or answers.</summary>
    public sealed record AddressOf(string Role, Address? Address = null) : ConductorMessage;
}

/// <summary>Numbers are the wire's.</summary>
internal enum BarrierOp
{
    Enter = 0,
    Fail = 1,
    Succeeded = 2,
    Failed = 3,
}

/// <summary>Numbers are the wire's.</summary>
internal enum FailureKind
{
    Throttle = 0,
    Disconnect = 1,
    Abort = 2,
    Exit = 3,
    Shutdown = 4,
    ShutdownAbrupt = 5,
}
