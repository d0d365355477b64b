using System.Net;
using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>
/// One open socket that never lets its caller wait. Both directions work alike: a call does what can be done now, or
/// answers <see cref="SocketError.WouldBlock"/>, and then the owner is told once when to make a call again.
/// Each direction is used by one thread at a time.
/// </summary>
internal abstract class SocketChannel : IDisposable
{
    /// <summary>Takes what has arrived; nothing, without an error, is the end of the stream.</summary>
    /// <exception cref="ObjectDisposedException">This side closed it.</exception>
    public abstract SocketError Receive(byte[] buffer, int offset, int count, out int received);

    /// <summary>Hands over as much as the stream takes.</summary>
    /// <exception cref="ObjectDisposedException">This side closed it.</exception>
    public abstract SocketError Send(byte[] buffer, int offset, int count, out int sent);

    /// <summary>A send that answered <see cref="SocketError.WouldBlock"/> has begun all the same: the next call must be the
    /// same one. Else it may as well be one of other bytes.</summary>
    public virtual bool HasBegunWhatWaits => false;

    /// <summary>Whether something urgent is to be sent, which goes past what the rest waits for where this channel makes the
    /// rest wait. From any thread, also while a send waits.</summary>
    public virtual void Hurry(bool hasUrgent)
    {
    }

    /// <summary>See <see cref="IConnection.IsSlow"/>. From any thread, and soon out of date.</summary>
    public virtual bool IsSlow => false;

    /// <summary>Whoever reads now has to leave more of this stream to another thread.</summary>
    public abstract bool IsForAnotherThread { get; }

    /// <summary>Closes the socket. An owner that waits is told, and finds it closed.</summary>
    public abstract void Dispose();
}

/// <summary>Who uses a channel.</summary>
internal interface IChannelOwner
{
    /// <summary>A receive that would have blocked is worth another try.</summary>
    void OnReadable();

    /// <summary>As <see cref="OnReadable"/>, for a send.</summary>
    void OnWritable();
}

/// <summary>How this machine tells that a socket is ready.</summary>
internal abstract class SocketDriver
{
    /// <summary>The quickest there is: <see cref="EpollDriver"/> on Linux, elsewhere <see cref="AsyncDriver"/>.</summary>
    public static SocketDriver OfThisMachine { get; } =
        SocketReaders.Shared is { } readers ? new EpollDriver(readers) : new AsyncDriver();

    public abstract SocketChannel Open(Socket socket, IExecutor executor, IChannelOwner owner);

    /// <inheritdoc cref="INetwork.LookBeforeSleep"/>
    public virtual void LookBeforeSleep(TimeSpan time)
    {
    }

    /// <summary>Starts to connect.</summary>
    /// <param name="to">An address, or a name and a port; null leads nowhere.</param>
    /// <param name="done">Called once, never from inside this call: the socket, or why there is none.</param>
    /// <returns>Dispose gives up; <paramref name="done"/> is called all the same.</returns>
    public abstract IDisposable Dial(EndPoint? to, Action<Socket?, SocketError> done);
}
