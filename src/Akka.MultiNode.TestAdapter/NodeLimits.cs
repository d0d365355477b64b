namespace Akka.MultiNode.TestAdapter;

/// <summary>How long things may take, and how much is shown.</summary>
public static class NodeLimits
{
    /// <summary>One spec from the start of its processes to the end of the last: far more than any takes, so that
    /// only one that hangs meets it.</summary>
    public static readonly TimeSpan WholeSpec = TimeSpan.FromSeconds(120);

    /// <summary>How long the others may go on after one node has failed: they meet its absence at the next barrier, and
    /// say what they saw.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    /// <summary>How much of each node's log stands in the message of a failure.</summary>
    public const int LogLinesShown = 20;
}
