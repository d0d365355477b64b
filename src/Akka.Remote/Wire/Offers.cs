namespace Akka.Remote.Wire;

/// <summary>
/// What a node can do beyond Akka.NET's protocol, said in its ASSOCIATE. A thing is done on a connection only when both
/// sides offer it; towards anybody else the plain rules hold. Bits are append-only: a number that was given once is
/// never given again. Bits that this version does not know are kept and mean nothing.
/// </summary>
[Flags]
internal enum Offers : uint
{
    None = 0,

    /// <summary>Proves that it knows the cluster's secret, and wants the same proof.</summary>
    ClusterSecret = 1,

    /// <summary>Answers heartbeats on a connection of their own.</summary>
    ProbeConnection = 2,

    /// <summary>Puts messages together again that come in several frames, <see cref="Fragment"/>.</summary>
    Fragments = 4,
}
