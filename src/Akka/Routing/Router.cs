using Akka.Actor;

namespace Akka.Routing;

/// <summary>Somebody that a router sends to.</summary>
public class Routee
{
    /// <summary>Nobody: the message goes to the dead letters.</summary>
    public static readonly Routee NoRoutee = new NoRoutee();

    public virtual void Send(object message, IActorRef? sender)
    {
    }

    public virtual Task Ask(object message, TimeSpan? timeout) => Task.CompletedTask;

    public static Routee FromActorRef(IActorRef actorRef) => new ActorRefRoutee(actorRef);
}

internal sealed class NoRoutee : Routee
{
    public override string ToString() => "no routee";
}

/// <summary>An actor.</summary>
public class ActorRefRoutee(IActorRef actor) : Routee, IEquatable<ActorRefRoutee>
{
    public IActorRef Actor { get; } = actor;

    public override void Send(object message, IActorRef? sender) => Actor.Tell(message, sender);

    public override Task Ask(object message, TimeSpan? timeout) => Actor.Ask(message, timeout);

    public bool Equals(ActorRefRoutee? other) => other is not null && Actor.Equals(other.Actor);

    public override bool Equals(object? obj) => Equals(obj as ActorRefRoutee);

    public override int GetHashCode() => Actor.GetHashCode();

    public override string ToString() => Actor.Path.ToString();
}

/// <summary>Whoever is at a path.</summary>
public class ActorSelectionRoutee(ActorSelection actor) : Routee, IEquatable<ActorSelectionRoutee>
{
    public ActorSelection Selection { get; } = actor;

    public override void Send(object message, IActorRef? sender) => Selection.Tell(message, sender);

    public override Task Ask(object message, TimeSpan? timeout) => Selection.Ask(message, timeout);

    public bool Equals(ActorSelectionRoutee? other) => other is not null && Selection.Equals(other.Selection);

    public override bool Equals(object? obj) => Equals(obj as ActorSelectionRoutee);

    public override int GetHashCode() => Selection.GetHashCode();

    public override string ToString() => Selection.ToSerializationFormat();
}

/// <summary>Several at once.</summary>
public class SeveralRoutees(params Routee[] routees) : Routee
{
    public override void Send(object message, IActorRef? sender)
    {
        foreach (Routee routee in routees) routee.Send(message, sender);
    }
}

/// <summary>Chooses the routee for a message. Any number of threads ask at once.</summary>
public abstract class RoutingLogic
{
    public abstract Routee Select(object message, Routee[] routees);
}

/// <summary>A way of choosing, and those to choose from. Never changes; a change makes another one.</summary>
public class Router(RoutingLogic logic, params Routee[] routees)
{
    private readonly Routee[] _routees = routees;

    public Router(RoutingLogic logic, IActorRef routee, params IActorRef[] routees)
        : this(logic, [.. routees.Prepend(routee).Select(Routee.FromActorRef)])
    {
    }

    public RoutingLogic RoutingLogic { get; } = logic;

    public IEnumerable<Routee> Routees => _routees;

    internal int Count => _routees.Length;

    /// <summary>Sends to whom the logic chooses, on the caller's thread; a <see cref="Broadcast"/> to all.</summary>
    public virtual void Route(object message, IActorRef? sender)
    {
        if (message is Broadcast broadcast)
        {
            foreach (Routee routee in _routees) routee.Send(Unwrapped(broadcast.Message), sender);
            return;
        }
        Routee chosen = _routees.Length == 0 ? Routee.NoRoutee : RoutingLogic.Select(message, _routees);
        if (chosen is NoRoutee) ToDeadLetters(message, sender);
        else chosen.Send(Unwrapped(message), sender);
    }

    public virtual Router WithRoutees(params Routee[] routees) => new(RoutingLogic, routees);

    public virtual Router AddRoutee(Routee routee) => new(RoutingLogic, [.. _routees, routee]);

    public Router AddRoutee(IActorRef routee) => AddRoutee(Routee.FromActorRef(routee));

    public virtual Router RemoveRoutee(Routee routee) =>
        new(RoutingLogic, [.. _routees.Where(other => !other.Equals(routee))]);

    public Router RemoveRoutee(IActorRef routee) => RemoveRoutee(Routee.FromActorRef(routee));

    /// <summary>Set by the reference in front, which knows the system.</summary>
    internal IActorRef? DeadLetters { get; init; }

    private static object Unwrapped(object message) => message is RouterEnvelope envelope ? envelope.Message : message;

    private void ToDeadLetters(object message, IActorRef? sender)
    {
        IActorRef? deadLetters = DeadLetters ?? ActorCell.Current?.System.DeadLetters;
        deadLetters?.Tell(Unwrapped(message), sender);
    }
}
