using System.Net.Sockets;

namespace Akka.Engine;

/// <summary>
/// What the kernel may hold of a stream: its share of a slow line, which the users' letters wait for, and as much again
/// while something urgent is to be sent, which so does not wait for it.
/// </summary>
/// <remarks>Shared memory: one lock around the share and whether something urgent is to be sent; the kernel is told
/// inside of it. It wakes who waits for room when it is told of more.</remarks>
internal sealed class SendRoom(Socket socket)
{
    private readonly Lock _gate = new();
    private LineShare _share = LineShare.Whole;
    private bool _hasUrgent;

    public void Limit(LineShare share)
    {
        lock (_gate)
        {
            _share = share;
            SocketNetwork.LimitPace(socket, share.BytesPerSecond);
            TellLocked();
        }
    }

    public void Hurry(bool hasUrgent)
    {
        lock (_gate)
        {
            if (_hasUrgent == hasUrgent) return;
            _hasUrgent = hasUrgent;
            if (_share != LineShare.Whole) TellLocked();
        }
    }

    private void TellLocked() =>
        SocketNetwork.LimitUnderWay(socket, _hasUrgent && _share != LineShare.Whole ? _share.Bytes * 2 : _share.Bytes);
}
