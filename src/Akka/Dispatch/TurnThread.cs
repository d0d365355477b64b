using Akka.Actor;
using Akka.Engine;

namespace Akka.Dispatch;

/// <summary>
/// What one thread keeps for the turns that run on it: whose turn it is, what is to follow, and the nodes that it emptied
/// last. It is one object, because to find a thread's own data costs more than to use it: a turn looks it up once and
/// hands it on.
/// </summary>
internal sealed class TurnThread
{
    /// <summary>Nodes kept: two turns of the default throughput; beyond that the collector is as good.</summary>
    internal const int KeptNodes = 64;

    [ThreadStatic]
    private static TurnThread? t_mine;

    // The node emptied last has a place of its own: that of the message being handled is most often that of the answer.
    private MessageNode? _last;
    private MessageNode? _more;
    private int _moreCount;

    /// <summary>The cell whose turn runs on this thread.</summary>
    public ActorCell? Current;

    /// <summary>What follows the turns of this thread; null until the pool has run one on it.</summary>
    public TurnChain? Chain;

    /// <summary>The calling thread's.</summary>
    public static TurnThread Mine => t_mine ??= new TurnThread();

    /// <summary>A node that is in no list, with a message in it.</summary>
    public MessageNode Rent(object message, IActorRef? sender)
    {
        MessageNode? node = _last;
        if (node is not null) _last = null;
        else if ((node = TakeMore()) is null) return new MessageNode { Message = message, Sender = sender };
        node.Message = message;
        node.Sender = sender;
        return node;
    }

    /// <summary>For whoever took the node out of its list and has emptied it; it must not be touched any more.</summary>
    public void Return(MessageNode node)
    {
        if (_last is null)
        {
            _last = node;
            return;
        }
        if (_moreCount == KeptNodes) return;
        node.Next = _more;
        _more = node;
        _moreCount++;
    }

    private MessageNode? TakeMore()
    {
        MessageNode? node = _more;
        if (node is null) return null;
        _more = node.Next;
        _moreCount--;
        return node;
    }
}
