namespace Akka.Actor;

/// <summary>The base of the engine's exceptions.</summary>
public abstract class AkkaException(string? message, Exception? cause = null) : Exception(message, cause)
{
    protected Exception? Cause => InnerException;
}

/// <summary>A name that an actor cannot have: malformed, or taken among its siblings.</summary>
public class InvalidActorNameException(string message, Exception? innerException = null)
    : AkkaException(message, innerException);

/// <summary>A message that cannot be sent, such as null.</summary>
public class InvalidMessageException(string message) : AkkaException(message);

/// <summary>Nobody answered in time.</summary>
public class AskTimeoutException(string message) : AkkaException(message);

/// <summary>An actor could not be made: its constructor or its PreStart threw.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException() : base("The actor could not be made.")
    {
    }

    public ActorInitializationException(string message) : base(message)
    {
    }

    public ActorInitializationException(string message, Exception cause) : base(message, cause)
    {
    }

    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
        : base(message, cause) =>
        Actor = actor;

    public IActorRef? Actor { get; set; }

    public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
}

/// <summary>PreRestart threw; the restart went on nevertheless.</summary>
public class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
    : ActorInitializationException(actor,
        $"Exception in PreRestart ({restartException.GetType()}: {restartException.Message}) after {cause.GetType()}:"
        + $" {cause.Message}", restartException)
{
    public object? OptionalMessage { get; } = optionalMessage;
}

/// <summary>The new actor object of a restart could not be made, or its PostRestart threw.</summary>
public class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor,
        $"Exception in PostRestart ({cause.GetType()}: {cause.Message}) after {originalCause.GetType()}:"
        + $" {originalCause.Message}", cause)
{
    public Exception OriginalCause { get; } = originalCause;
}

/// <summary>The actor was sent <see cref="Kill"/>.</summary>
public class ActorKilledException(string message) : AkkaException(message);

/// <summary>A watched actor died, and the watcher has no handler for <see cref="Terminated"/>.</summary>
public class DeathPactException(IActorRef deadActor)
    : AkkaException($"Monitored actor {deadActor} terminated, and the watcher handles no Terminated.")
{
    public IActorRef DeadActor { get; } = deadActor;
}

/// <summary>An actor did something that its state does not allow.</summary>
public class IllegalActorStateException(string message, Exception? innerEx = null) : AkkaException(message, innerEx);

/// <summary>A selection that matched nobody in time.</summary>
public class ActorNotFoundException : AkkaException
{
    public ActorNotFoundException() : base("No actor was found.")
    {
    }

    public ActorNotFoundException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}

/// <summary>A logger could not be started.</summary>
public class LoggerInitializationException(string message, Exception? cause = null) : AkkaException(message, cause);

/// <summary>A scheduler was given what it cannot do, or is no more.</summary>
public class SchedulerException(string message) : AkkaException(message);
