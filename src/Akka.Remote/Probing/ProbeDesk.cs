using Akka.Remote.Transport;

namespace Akka.Remote.Probing;

/// <summary>
/// Answers those who ask on connections of their own. It keeps nothing but who is connected, and tells them the number of
/// this life. Who was quarantined hears that he was: the connection that should have told him may be one that TCP has given
/// up for long, and an answer would count as a sign that he belongs here. It runs in the switchboard's turns.
/// </summary>
/// <remarks>
/// Without a cluster secret a stranger can ask too, and with one who has recorded a question, so that asking must cost little: after each answer a connection is not read for a while, one
/// that asks nothing is closed, and there is a most of them.
/// </remarks>
/// <param name="refuses">Whether a life of whatever address was quarantined.</param>
internal sealed class ProbeDesk(Remoting remoting, Func<long, bool> refuses)
{
    /// <summary>Nine neighbours in the ring ask, and in a small cluster all others; a node that comes back from a pause
    /// finds up to 14 connections of each, 12 for a proof and two of later seconds.</summary>
    public const int MostConnections = 128;

    /// <summary>20 questions a second; who keeps the rules asks 8.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<Link, long> _askedAt = [];
    private bool _ticking;
    private bool _silent;

    public int Connections => _askedAt.Count;

    /// <summary>A question that may be answered came, on a connection that is not read until this has answered.</summary>
    public void Asked(Link link, ProbeFrame question)
    {
        if (!_askedAt.ContainsKey(link) && _askedAt.Count >= MostConnections)
        {
            remoting.Complain("Closed a probe connection from {0}: there are {1} of them.",
                link.Connection.RemoteEndPoint, MostConnections);
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

    public void Closed(Link link) => _askedAt.Remove(link);

    public void Stop()
    {
        foreach (Link link in _askedAt.Keys) link.Connection.Abort();
        _askedAt.Clear();
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
