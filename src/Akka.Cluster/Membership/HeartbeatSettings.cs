namespace Akka.Cluster.Membership;

/// <summary>How a node watches its neighbours in the ring.</summary>
internal sealed record HeartbeatSettings
{
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So long after the first heartbeat an answer is expected; from then on silence counts.</summary>
    public TimeSpan ExpectedResponseAfter { get; init; } = TimeSpan.FromSeconds(1);

    public int MonitoredByNrOfMembers { get; init; } = 9;

    /// <summary>How often the verdicts of the failure detectors are collected.</summary>
    public TimeSpan ReaperInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Not in Akka.NET: a connection that breaks is a hint. The peer is then asked at this pace whether it is there.
    /// </summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Not in Akka.NET: a peer whose connection broke and that answers no probe for so long counts as silent. Long
    /// enough to dial anew and ask several times; zero leaves the verdict to the failure detector alone.
    /// </summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// Not in Akka.NET: a node whose own timer comes later than this was itself paused. It then gives everybody a new
    /// chance instead of blaming them for a silence that was its own.
    /// </summary>
    public TimeSpan OwnPauseTolerance { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Not in Akka.NET: how much longer others are waited for, per point of this node's <see cref="LocalHealth"/>; zero
    /// leaves the verdict to the failure detector alone.
    /// </summary>
    public TimeSpan LocalHealthPatience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Not in Akka.NET: a peer of whom nothing has come for so long after a heartbeat is asked over connections of its
    /// own. Longer than TCP takes to repeat a packet, less than any verdict takes; zero: never.
    /// </summary>
    public TimeSpan ProbeConnectionAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Not in Akka.NET: a peer that answers on such a connection and says nothing else for so long is silent all the
    /// same: its process may live and its actors not.
    /// </summary>
    public TimeSpan ProbeConnectionFor { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>
    /// Not in Akka.NET: a peer of whom nothing has come for so long after a heartbeat, and that has left so many probe
    /// connections unanswered that its silence is proven, counts as silent, whatever its failure detector has learned.
    /// A pause of 2 s must pass, and 0.3 s to answer after it; zero leaves the verdict to the failure detector alone.
    /// </summary>
    public TimeSpan ProbedSilence { get; init; } = TimeSpan.FromMilliseconds(2_300);
}
