using Akka.Event;

namespace Akka.Actor;

/// <summary>The root and /user: parents and nothing else.</summary>
internal sealed class GuardianActor : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated:
                Context.Stop(Self);
                return true;
            case StopChild stop:
                Context.Stop(stop.Child);
                return true;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                return true;
        }
    }

    // The guardians' children outlive a restart, should there ever be one.
    protected override void PreRestart(Exception reason, object message)
    {
    }
}

/// <summary>
/// /system: the parent of the engine's own actors. It outlives /user, tells those who asked for it that the system is
/// ending, and stops when they are done.
/// </summary>
internal sealed class SystemGuardianActor(IActorRef guardian) : ActorBase
{
    private readonly List<IActorRef> _hooks = [];
    private bool _ending;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(guardian):
                _ending = true;
                foreach (IActorRef hook in _hooks) hook.Tell(TerminationHook.Instance);
                StopWhenDone();
                return true;
            case Terminated terminated:
                _hooks.Remove(terminated.ActorRef);
                if (_ending) StopWhenDone();
                return true;
            case TerminationHookDone:
                Context.Unwatch(Sender);
                _hooks.Remove(Sender);
                if (_ending) StopWhenDone();
                return true;
            case RegisterTerminationHook when !_hooks.Contains(Sender) && !Sender.Equals(Context.System.DeadLetters):
                _hooks.Add(Sender);
                Context.Watch(Sender);
                if (_ending) Sender.Tell(TerminationHook.Instance);
                return true;
            case StopChild stop:
                Context.Stop(stop.Child);
                return true;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                return true;
        }
    }

    protected override void PreRestart(Exception reason, object message)
    {
    }

    private void StopWhenDone()
    {
        if (_hooks.Count == 0) Context.Stop(Self);
    }
}

/// <summary>To a guardian: stop this child of yours.</summary>
internal sealed record StopChild(IActorRef Child) : INoSerializationVerificationNeeded;

/// <summary>To /system: tell me before the system ends, and wait for my <see cref="TerminationHookDone"/>.</summary>
internal sealed record RegisterTerminationHook
{
    public static readonly RegisterTerminationHook Instance = new();
}

/// <summary>From /system: /user is gone; finish what you have to finish.</summary>
internal sealed record TerminationHook
{
    public static readonly TerminationHook Instance = new();
}

/// <summary>To /system: finished.</summary>
internal sealed record TerminationHookDone
{
    public static readonly TerminationHookDone Instance = new();
}
