namespace Akka.Remote.Probing;

/// <summary>How a silent peer is asked, and when its silence is proven. Times are in milliseconds.</summary>
/// <remarks>
/// The proof counts connections instead of time: so many in a row that were dialled afresh, had time to be answered, and
/// were not. A learned rhythm has no say in it, so that pauses which the peer survived do not delay the next verdict; and a
/// stream that waits for TCP's next repetition does not either, because each connection begins anew. How likely a peer
/// that lives leaves all of them unanswered, by packets that are lost independently of one another (a connection needs its
/// first packet and the reply to it, repeated after a second; then a question and an answer, repeated after 0.2 s, 0.6 s
/// and so on), when the first is dialled 0.5 s after a heartbeat that nothing followed, and the verdict is 1.8 s later:
/// <code>
///   loss each way   12 unanswered   heartbeats that nothing    wrong verdicts, a peer
///                                   follows for 0.5 s, an hour  and hour
///    10 %           1.2e-13          72                         9e-12
///    20 %           3.2e-08         280                         9e-06
///    30 %           2.9e-05         620                         0.02
/// </code>
/// A network whose first packets are never repeated has 0.2 ^ 12 = 4e-9 at 10 %, 3e-7 an hour. A peer whose process is
/// stopped opens connections, for its kernel does, and answers on none.
/// </remarks>
/// <param name="Interval">Between two questions on a connection, and between two dials while nothing is
/// answered.</param>
/// <param name="Stall">A connection on which nothing was answered for so long is given up: TCP waits twice as long after
/// each loss. Long enough that the first packet, repeated after a second, counts.</param>
/// <param name="Deadline">What the last connection of a proof is waited for beyond its two round trips: a packet that is
/// lost once on an open connection, and a busy peer.</param>
/// <param name="Unanswered">So many connections in a row without an answer are a proof. Later dials are slower.</param>
internal sealed record ProbeSettings(long Interval, long Stall, long Deadline, int Unanswered)
{
    /// <summary>12 dials take 1.4 s; with the deadline that leaves a proof 0.1 s before it is needed 1.8 s after the first,
    /// for two round trips. Where these are longer the verdict is as much later.</summary>
    public static ProbeSettings Default { get; } = new(Interval: 125, Stall: 2_000, Deadline: 300, Unanswered: 12);

    /// <summary>Between two dials of a peer whose silence is proven: who comes back is found in a second.</summary>
    public long SlowInterval => Interval * 8;
}
