using Akka.Remote.Transport;

namespace Akka.Remote.Probing;

/// <summary>
/// Answers those who ask on connections of their own. It keeps nothing but who is connected, and tells them the number of
/// this life. Who was quarantined hears that he was: the connection that should have told him may be one that TCP has given
/// up for long, and an answer would count as a sign that he belongs here. It runs in the switchboard's turns.
/// </summary>
/// <remarks>
/// Without a cluster secret a stranger can ask too, and with one who has recorded a question, so that asking must cost
/// little: after each answer a connection is not read for a while, one that asks nothing is closed, and there is a most of
/// them, and of those from one address.
/// </remarks>
/// <param name="refuses">Whether a life of whatever address was quarantined.</param>
internal sealed class ProbeDesk(Remoting remoting, Func<long, bool> refuses)
{
    /// <summary>Who asks a node that answers nothing has up to 14 connections to it: 12 for a proof, and two of later
    /// seconds. A node that comes back from a pause finds them of everybody who asks.</summary>
    private const int OfOnePeer = 14;

    /// <summary>Nine neighbours in the ring ask, and in a small cluster all others: 9 * 14 = 126.</summary>
    public const int MostConnections = 128;

    /// <summary>Several nodes may share an address, and after a pause four of them find room at once; the others are closed,
    /// which is no silence, and dial again when the first, being answered, have dropped all connections but one. A stranger
    /// at one address leaves 128 - 56 = 72 to others: five peers after a pause, and in quiet times everybody.</summary>
    public const int MostOfOneAddress = 4 * OfOnePeer;

    /// <summary>20 questions a second; who keeps the rules asks 8.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<Link, long> _askedAt = [];
    private readonly Dictionary<string, int> _ofAddress = [];
    private bool _ticking;
    private bool _silent;

    public int Connections => _askedAt.Count;

    /// <summary>A question that may be answered came, on a connection that is not read until this has answered.</summary>
    public void Asked(Link link, ProbeFrame question)
    {
        if (!_askedAt.ContainsKey(link) && !TryEnter(link))
        {
            link.Connection.Abort();
            return;
        }
        _askedAt[link] = remoting.Now;
        EnsureTicking();
        if (_silent) return;
        ProbeFrameKind kind = refuses(question.Uid) ? ProbeFrameKind.Refusal : ProbeFrameKind.Answer;
        ProbeFrame answer = remoting.Seals.Answer(kind, question, remoting.Self.Uid);
        link.Connection.WriteUrgent(answer.ToFrame(link.Format.BigEndian));
        remoting.After(_pause, link.Connection.Resume);
    }

    /// <summary>Leaves all questions unanswered from now on: who asks wants to know of something that has ended, though its
    /// process lives on.</summary>
    public void FallSilent() => _silent = true;

    public void Closed(Link link)
    {
        if (!_askedAt.Remove(link)) return;
        string address = Doorman.AddressOf(link.From);
        if (--_ofAddress[address] == 0) _ofAddress.Remove(address);
    }

    public void Stop()
    {
        foreach (Link link in _askedAt.Keys) link.Connection.Abort();
        _askedAt.Clear();
        _ofAddress.Clear();
    }

    private bool TryEnter(Link link)
    {
        string address = Doorman.AddressOf(link.From);
        int same = _ofAddress.GetValueOrDefault(address);
        if (_askedAt.Count < MostConnections && same < MostOfOneAddress)
        {
            _ofAddress[address] = same + 1;
            return true;
        }
        remoting.Complain("Closed a probe connection from {0}: {1} are open, {2} of them from its address (at most {3} "
            + "and {4}).", link.From, _askedAt.Count, same, MostConnections, MostOfOneAddress);
        return false;
    }

    private void EnsureTicking()
    {
        if (_ticking) return;
        _ticking = true;
        remoting.After(remoting.Settings.Association.HandshakeTimeout, Tick);
    }

    private void Tick()
    {
        _ticking = false;
        long idle = (long)remoting.Settings.Association.HandshakeTimeout.TotalMilliseconds;
        foreach ((Link link, long askedAt) in _askedAt.ToArray())
        {
            if (remoting.Now - askedAt >= idle) link.Connection.Abort();
        }
        if (_askedAt.Count > 0) EnsureTicking();
    }
}
