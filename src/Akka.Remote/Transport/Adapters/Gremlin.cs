using static Akka.Remote.Transport.FailureInjectorTransportAdapter;

namespace Akka.Remote.Transport.Adapters;

/// <summary>Judges frames by chance.</summary>
internal sealed class Gremlin(Random random) : IFrameJudge
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerName, IGremlinMode> _modes = [];
    private IGremlinMode _others = PassThru.Instance;

    public FrameFate Judge(PeerName? peer, bool isOutgoing, int bytes)
    {
        lock (_gate)
        {
            IGremlinMode mode = peer is { } known && _modes.TryGetValue(known, out IGremlinMode? own) ? own : _others;
            if (mode is not Drop drop) return FrameFate.Pass;
            double probability = isOutgoing ? drop.OutboundDropP : drop.InboundDropP;
            return random.NextDouble() < probability ? FrameFate.Dropped : FrameFate.Pass;
        }
    }

    public bool TryCommand(object command)
    {
        lock (_gate)
        {
            switch (command)
            {
                case All all:
                    _others = all.Mode;
                    return true;
                case One one when PeerName.Of(one.RemoteAddress) is { } peer:
                    _modes[peer] = one.Mode;
                    return true;
                case One one:
                    throw new ArgumentException($"{one.RemoteAddress} names no host and port: no gremlin goes there.");
                default:
                    return false;
            }
        }
    }
}
