using System.Buffers;
using Akka.Actor;
using Akka.Engine;
using Akka.Remote.TestKit.Protocol;
using Akka.Remote.Wire;

namespace Akka.Remote.TestKit.Shell;

/// <summary>A connection between a player and the controller: cuts frames, and tells its owner, an actor, what
/// happens.</summary>
/// <param name="number">How the owner calls it.</param>
internal sealed class FrameConnection(int number, IActorRef owner) : IConnectionHandler
{
    private volatile IConnection? _connection;

    public int Number => number;

    public IConnection Connection
    {
        set => _connection = value;
    }

    public void Send(ConductorMessage message) => _connection?.Write(ConductorCodec.Frame(message));

    public void Close() => _connection?.Close();

    void IConnectionHandler.OnOpened(IConnection connection)
    {
        _connection = connection;
        owner.Tell(new Opened(number), ActorRefs.NoSender);
    }

    SequencePosition IConnectionHandler.OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
    {
        FrameReject reject;
        while (FrameCodec.TryRead(ref bytes, ConductorCodec.Format, out ReadOnlySequence<byte> body, out reject))
        {
            if (ConductorCodec.Read(body.ToArray()) is not { } message) return Refuse(connection, bytes);
            owner.Tell(new Received(number, message), ActorRefs.NoSender);
        }
        return reject == FrameReject.None ? bytes.Start : Refuse(connection, bytes);
    }

    // A stranger, or a bug; either has nothing to say here.
    private static SequencePosition Refuse(IConnection connection, ReadOnlySequence<byte> bytes)
    {
        connection.Abort();
        return bytes.End;
    }

    void IConnectionHandler.OnClosed(IConnection connection, CloseReason reason, string detail) =>
        owner.Tell(new Closed(number, detail), ActorRefs.NoSender);

    /// <summary>The connection stands.</summary>
    public sealed record Opened(int Connection) : INoSerializationVerificationNeeded;

    /// <summary>A message came on it.</summary>
    public sealed record Received(int Connection, ConductorMessage Message) : INoSerializationVerificationNeeded;

    /// <summary>It is gone, or never came to be.</summary>
    public sealed record Closed(int Connection, string Detail) : INoSerializationVerificationNeeded;
}
