using Akka.Actor;

namespace Iridium.Actors.Node;

/// <summary>A join that is under way: who asked for it, whom it goes through, how far it is.</summary>
/// <param name="Number">Tells the answers to this attempt from late ones to another.</param>
/// <param name="IsOwn">The node joins itself: it starts a cluster.</param>
/// <param name="IsWelcome">The node asked has said yes; what remains is the cluster's own handshake.</param>
internal sealed record JoinAttempt(
    int Number, int Request, IActorRef Asker, Address Through, bool IsOwn, bool IsWelcome)
{
    public string Endpoint => $"{Through.Host}:{Through.Port}";
}
