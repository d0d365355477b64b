using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>What is awaited of one socket. Each wait ends once: by the kernel's word, or when the socket is
/// closed.</summary>
/// <remarks>Shared memory: one lock around what is awaited, what is due, and whether the descriptor is still this
/// socket's. What is awaited moves to what is due, and whoever takes it from there tells the owner.</remarks>
internal sealed class SocketWatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SocketReaders _readers;
    private readonly Action<uint> _tell;
    private readonly int _descriptor;
    private readonly long _id;
    private uint _awaited;
    private uint _due;
    private bool _closed;

    public SocketWatch(Socket socket, SocketReaders readers, Action<uint> tell)
    {
        (_readers, _tell) = (readers, tell);
        _descriptor = (int)socket.Handle;
        _id = readers.Add(this, _descriptor);
    }

    /// <summary>Where another thread tells the owner, and what makes it do so; null where telling takes no
    /// time.</summary>
    public IExecutor? Executor { get; init; }

    public IThreadPoolWorkItem? Work { get; init; }

    /// <summary>Somebody has to call <see cref="TellDue"/>.</summary>
    public bool HasDue
    {
        get
        {
            lock (_gate) return _due != 0;
        }
    }

    /// <summary>Waits for one more event; the caller touches nothing of that direction until it is told.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public void Await(uint events)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _awaited |= events;
            _readers.Arm(_descriptor, _id, _awaited);
        }
    }

    /// <summary>The kernel's word.</summary>
    /// <returns>Whether somebody has to be told.</returns>
    public bool Occurred(uint events)
    {
        // An error or a hang-up concerns both directions.
        if ((events & ~(Epoll.In | Epoll.Out)) != 0) events |= Epoll.In | Epoll.Out;
        lock (_gate)
        {
            uint due = _awaited & events;
            _awaited &= ~due;
            _due |= due;
            if (_awaited != 0 && !_closed) _readers.Arm(_descriptor, _id, _awaited);
            return _due != 0;
        }
    }

    /// <summary>Tells the owner what occurred, each event once, whoever calls.</summary>
    public void TellDue()
    {
        uint due;
        lock (_gate)
        {
            due = _due;
            _due = 0;
        }
        if (due != 0) _tell(due);
    }

    /// <summary>The descriptor is about to go; all waits end.</summary>
    /// <returns>False when it was closed before.</returns>
    public bool Close()
    {
        lock (_gate)
        {
            if (_closed) return false;
            _closed = true;
            _due |= _awaited;
            _awaited = 0;
            _readers.Remove(_descriptor, _id);
            return true;
        }
    }

    public void Dispose() => Close();
}
