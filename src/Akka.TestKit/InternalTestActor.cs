using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Collects what it is told for the kit; takes a few orders of the kit itself.</summary>
internal sealed class InternalTestActor(ReceivedMessages received) : ActorBase
{
    private readonly DelegatingSupervisorStrategy _children = new();
    private Func<object, bool>? _ignore;
    private AutoPilot _pilot = NoAutoPilot.Instance;

    internal sealed record SetIgnore(Func<object, bool>? Ignore) : INoSerializationVerificationNeeded;

    internal sealed record SetAutoPilot(AutoPilot Pilot) : INoSerializationVerificationNeeded;

    internal sealed record WatchIt(IActorRef Actor) : INoSerializationVerificationNeeded;

    internal sealed record UnwatchIt(IActorRef Actor) : INoSerializationVerificationNeeded;

    internal sealed record Spawn(
        Props Props, string? Name, SupervisorStrategy? Strategy) : INoSerializationVerificationNeeded;

    protected override SupervisorStrategy SupervisorStrategy() => _children;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case SetIgnore order:
                _ignore = order.Ignore;
                break;
            case SetAutoPilot order:
                _pilot = order.Pilot;
                break;
            case WatchIt order:
                Context.Watch(order.Actor);
                Sender.Tell(Done.Instance);
                break;
            case UnwatchIt order:
                Context.Unwatch(order.Actor);
                Sender.Tell(Done.Instance);
                break;
            case Spawn order:
                IActorRef child = Context.ActorOf(order.Props, order.Name);
                if (order.Strategy is { } strategy) _children.Update(child, strategy);
                Sender.Tell(child);
                break;
            default:
                Collect(message);
                break;
        }
        return true;
    }

    private void Collect(object message)
    {
        if (_pilot is not NoAutoPilot)
        {
            AutoPilot next = _pilot.Run(Sender, message);
            if (next is not KeepRunning) _pilot = next;
        }
        if (_ignore is null || !_ignore(message)) received.Add(new RealMessageEnvelope(message, Sender));
    }
}
