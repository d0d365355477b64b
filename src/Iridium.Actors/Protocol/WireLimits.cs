namespace Iridium.Actors.Protocol;

/// <summary>The most that a letter between nodes may hold. The longest letter is 128,000 bytes
/// (<c>akka.remote.dot-netty.tcp.maximum-frame-size</c>), the envelope included.</summary>
public static class WireLimits
{
    /// <summary>Characters of a program's or host's name: the longest file name of common file systems.</summary>
    public const int Name = 255;

    /// <summary>Characters of an explanation: a sentence.</summary>
    public const int Detail = 1000;

    /// <summary>Characters of one piece of output: at most 3 bytes each make 98 KB.</summary>
    public const int Text = 32 * 1024;

    /// <summary>Rows of a list of processes: about 40 bytes each and at most 255 characters of name. Senders stop at
    /// <see cref="RowsSent"/>.</summary>
    public const int Rows = 1000;

    /// <summary>Rows that a node sends of its processes: 300 of at most 300 bytes are 90 KB.</summary>
    public const int RowsSent = 300;

    /// <summary>Nodes that a welcome names; the gossip names them all.</summary>
    public const int Nodes = 1000;

    /// <summary>Nodes that a node names in its welcome: 300 of at most 350 bytes are 105 KB.</summary>
    public const int NodesSent = 300;

    /// <summary>Arguments of a program, each at most <see cref="Detail"/> characters; the image counts against the
    /// same letter.</summary>
    public const int Arguments = 16;

    /// <summary>Registers of one kind, and slots of the stack in a report.</summary>
    public const int Registers = 32;

    /// <summary>Instructions that an inspection follows: a screen's height, some 60 characters each.</summary>
    public const int Steps = 100;

    /// <summary>Last events in the report of a crash.</summary>
    public const int Events = 16;
}
