using Akka.Actor;

namespace Akka.TestKit.TestActors;

/// <summary>Passes every message on as it came.</summary>
public class ForwardActor(IActorRef target) : UntypedActor
{
    /// <param name="target">Who gets the messages.</param>
    public static Props Props(IActorRef target) => Actor.Props.Create(() => new ForwardActor(target));

    protected override void OnReceive(object message) => target.Forward(message);
}
