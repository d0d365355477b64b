using System.Buffers;
using System.Net;

namespace Akka.Engine;

/// <summary>
/// Reliable byte streams between nodes, with calls instead of awaits so that the same code runs on sockets and in a
/// simulation. An implementation calls each handler from one thread at a time, never from inside a call that the handler's
/// owner made into the network.
/// </summary>
internal interface INetwork
{
    /// <summary>Binds and starts to accept.</summary>
    /// <param name="host">Name or literal address to bind.</param>
    /// <param name="port">0 lets the system choose.</param>
    /// <param name="accept">Called for every accepted connection; returns who handles it. Null closes it at once,
    /// behind what was written on it meanwhile, if the stream takes that without waiting.</param>
    /// <exception cref="NetworkException">The endpoint is taken, not local, or may not be bound.</exception>
    IListener Listen(string host, int port, Func<IConnection, IConnectionHandler?> accept);

    /// <summary>Whether other machines may reach what listens at <paramref name="host"/>.</summary>
    /// <exception cref="NetworkException">The name is not known.</exception>
    bool ReachesOthers(string host);

    /// <summary>Whoever waits for bytes of any connection looks for them for so long before it sleeps, if that pays: the
    /// time of a processor for the time that waking one takes. Zero: it never does. It holds for the whole process; a
    /// network that is not read that way takes no notice.</summary>
    void LookBeforeSleep(TimeSpan time)
    {
    }

    /// <summary>Dials. The handler hears either <see cref="IConnectionHandler.OnOpened"/> or, without it,
    /// <see cref="IConnectionHandler.OnClosed"/>. There is no time limit here; who dials sets one and aborts.</summary>
    IConnection Connect(string host, int port, IConnectionHandler handler);
}

internal interface IListener : IDisposable
{
    /// <summary>The port really bound.</summary>
    int Port { get; }
}

/// <summary>One end of a byte stream. All members may be called from any thread.</summary>
internal interface IConnection
{
    EndPoint? RemoteEndPoint { get; }

    /// <summary>Queues bytes for writing and returns at once; the bytes are copied before it returns. Bytes written in a
    /// burst travel together: the implementation writes whatever is queued as soon as the previous write completed.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>As <see cref="Write"/>, but ahead of everything that was queued by it and has not been handed to the
    /// stream yet: heartbeats and gossip do not wait behind a megabyte of letters. Each call of either kind must bring
    /// whole frames. A stream without a second lane queues both in one.</summary>
    void WriteUrgent(ReadOnlySpan<byte> bytes) => Write(bytes);

    /// <summary>From now on <paramref name="drained"/> is called each time that something was written and all of it has
    /// been handed to the stream: for who keeps what waits, to hand down little at a time. On any thread, and from inside
    /// <see cref="Write"/>, too; it may write. To be asked in <see cref="IConnectionHandler.OnOpened"/>, once.</summary>
    /// <returns>False: this connection does not tell.</returns>
    bool TryTellDrained(Action drained) => false;

    /// <summary>The line is slow, and each call that hands something down waits for it: who hands down little at a time does
    /// well to hand down a packet.</summary>
    bool IsSlow => false;

    /// <summary>Something urgent follows what was written, or is about to be, and cannot overtake it, because it is encrypted.
    /// So until all of that has been handed to the stream, nothing waits for what letters wait for on a slow line.</summary>
    void Hurry()
    {
    }

    /// <summary>Stops showing bytes to the handler, and soon stops taking them from the peer, which then feels
    /// back-pressure. May be called from inside <see cref="IConnectionHandler.OnReceived"/>, and then holds from its return on.
    /// <c>OnClosed</c> for an end of stream waits for <see cref="Resume"/>.</summary>
    void Pause();

    /// <summary>Ends a pause: what the handler left unconsumed is shown again, even if nothing new has arrived. Without
    /// a pause it does nothing.</summary>
    void Resume();

    /// <summary>Bytes queued and not yet taken by the peer's side of the stream: the writer's measure of back-pressure.</summary>
    long QueuedBytes { get; }

    /// <summary>Writes what is queued, then closes. Nothing is delivered to the handler after <c>OnClosed</c>.</summary>
    void Close();

    /// <summary>Closes at once; what is queued is lost, the peer sees a reset.</summary>
    void Abort();
}

/// <summary>Who owns a connection. Calls never overlap for one connection.</summary>
internal interface IConnectionHandler
{
    void OnOpened(IConnection connection);

    /// <summary>Bytes have arrived. Everything before the returned position is consumed; the rest is shown again, together
    /// with what comes later.</summary>
    SequencePosition OnReceived(IConnection connection, ReadOnlySequence<byte> bytes);

    /// <summary>Called exactly once per connection, last of all.</summary>
    void OnClosed(IConnection connection, CloseReason reason, string detail);
}

/// <summary>Why a byte stream ended, as far as this side can tell.</summary>
internal enum CloseReason
{
    /// <summary>The peer closed in order (end of stream).</summary>
    EndOfStream,

    /// <summary>The connection was reset, or the network failed.</summary>
    Reset,

    /// <summary>Dialling failed: refused, unreachable, unknown name.</summary>
    ConnectFailed,

    /// <summary>This side closed or aborted it.</summary>
    Local,
}

/// <summary>An endpoint that could not be bound; the message names it and the cause.</summary>
internal sealed class NetworkException(string message, Exception? inner = null) : Exception(message, inner);
