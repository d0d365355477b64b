namespace Akka.Remote.Transport;

/// <summary>
/// How often anything came from one life of a peer: a count that grows is a sign of life, whatever it was that came.
/// Its links add to it from their read loops; whoever judges the peer compares two counts.
/// </summary>
internal sealed class Receipts
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}
