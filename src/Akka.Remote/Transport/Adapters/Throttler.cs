using Akka.Actor;

namespace Akka.Remote.Transport.Adapters;

/// <summary>Judges frames by the <see cref="ThrottleMode"/> of the peer and direction.</summary>
/// <param name="nanoTime">Nanoseconds of a monotonic clock.</param>
internal sealed class Throttler(Func<long> nanoTime) : IFrameJudge
{
    // A mode can change at any time, so nobody waits long before asking again.
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _shortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(PeerName Peer, bool IsOutgoing), ThrottleMode> _modes = [];

    public FrameFate Judge(PeerName? peer, bool isOutgoing, int bytes)
    {
        if (peer is not { } known) return FrameFate.Pass;
        lock (_gate)
        {
            if (!_modes.TryGetValue((known, isOutgoing), out ThrottleMode? mode)) return FrameFate.Pass;
            if (mode is Blackhole) return FrameFate.Dropped;
            long now = nanoTime();
            (ThrottleMode left, bool granted) = mode.TryConsumeTokens(now, bytes);
            _modes[(known, isOutgoing)] = left;
            return granted ? FrameFate.Pass : Waits(mode.TimeToAvailable(now, bytes));
        }
    }

    public bool TryCommand(object command)
    {
        if (command is not SetThrottle set) return false;
        if (PeerName.Of(set.Address) is not { } peer)
            throw new ArgumentException($"{set.Address} names no host and port: nobody can be throttled there.");
        lock (_gate)
        {
            if (set.Direction != ThrottleTransportAdapter.Direction.Receive) Set(peer, isOutgoing: true, set.Mode);
            if (set.Direction != ThrottleTransportAdapter.Direction.Send) Set(peer, isOutgoing: false, set.Mode);
        }
        return true;
    }

    private static FrameFate Waits(TimeSpan time) => new(
        Drop: false, time < _shortestWait ? _shortestWait : time > _longestWait ? _longestWait : time);

    private void Set(PeerName peer, bool isOutgoing, ThrottleMode mode)
    {
        if (mode is Unthrottled) _modes.Remove((peer, isOutgoing));
        else _modes[(peer, isOutgoing)] = mode;
    }
}
