namespace Iridium.Node.Cli;

/// <summary>How the process ended, for scripts. Numbers are append-only; README.md lists them.</summary>
public enum ExitCode
{
    /// <summary>The program halted, the shell was left, or the command succeeded.</summary>
    Ok = 0,

    /// <summary>The program stopped with code 1: it ran past its last instruction, or met an illegal one. For
    /// <c>pbm</c>: the node refused the command.</summary>
    Stopped = 1,

    /// <summary>An option, a variable or a configuration key is wrong; nothing was started.</summary>
    Usage = 2,

    /// <summary>The program was not run: no such file, errors in the source, or an image that is rejected.</summary>
    NotAProgram = 3,

    /// <summary>The program crashed: a fault such as a division by zero.</summary>
    Crashed = 4,

    /// <summary>The node could not start: a port that was asked for is taken, or the data directory is
    /// unusable.</summary>
    NotStarted = 5,

    /// <summary>The cluster was not joined: nobody answered at the address, or the alias is taken.</summary>
    NotJoined = 6,

    /// <summary>No node answered at the address that <c>pbm</c> was given, or it does not speak its
    /// protocol.</summary>
    NotReached = 7,

    /// <summary>The cluster has removed this node: it was declared down, by a person or by the split-brain
    /// resolver.</summary>
    Removed = 8,

    /// <summary>A bug of Iridium's own; the text on standard error is worth reporting.</summary>
    Internal = 70,

    /// <summary>Interrupted with ctrl-c.</summary>
    Interrupted = 130,
}
