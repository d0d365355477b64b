namespace Akka.Remote.Transport.Adapters;

/// <summary>Says what happens to each frame between this system and a peer. Called from any thread.</summary>
internal interface IFrameJudge
{
    /// <param name="peer">Null: an accepted connection whose peer has not introduced itself.</param>
    /// <param name="isOutgoing">From this system to the peer.</param>
    /// <param name="bytes">Size of the frame, its length included.</param>
    FrameFate Judge(PeerName? peer, bool isOutgoing, int bytes);

    /// <returns>False when the command is for somebody else.</returns>
    bool TryCommand(object command);
}

/// <summary>A peer as connections know it, whatever the scheme and the system's name.</summary>
internal readonly record struct PeerName
{
    private PeerName(string host, int port)
    {
        // Hosts are the same whatever the case.
        Host = host.ToLowerInvariant();
        Port = port;
    }

    public string Host { get; }

    public int Port { get; }

    public static PeerName Of(string host, int port) => new(host, port);

    /// <returns>Null for an address that names no host and port.</returns>
    public static PeerName? Of(Actor.Address address) =>
        address is { Host: { } host, Port: { } port } ? new PeerName(host, port) : null;
}

/// <summary>What becomes of a frame.</summary>
/// <param name="Drop">It never was.</param>
/// <param name="Wait">Ask again after this time, if it is above zero.</param>
internal readonly record struct FrameFate(bool Drop, TimeSpan Wait)
{
    public static readonly FrameFate Pass = new(Drop: false, TimeSpan.Zero);
    public static readonly FrameFate Dropped = new(Drop: true, TimeSpan.Zero);
}
