using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What a parent does about a failed child.</summary>
public enum Directive
{
    /// <summary>The child goes on with the next message, its state as it is.</summary>
    Resume,

    /// <summary>A new actor object takes over the child's mailbox and reference.</summary>
    Restart,

    /// <summary>The failure becomes the parent's own.</summary>
    Escalate,

    /// <summary>The child ends.</summary>
    Stop,
}

/// <summary>Chooses a directive for an exception.</summary>
public interface IDecider
{
    Directive Decide(Exception cause);
}

/// <summary>How a parent decides on the failures of its children, and carries the decision out.</summary>
public abstract class SupervisorStrategy
{
    public static readonly IDecider DefaultDecider = Actor.Decider.From(
        Directive.Restart,
        Directive.Stop.When<ActorInitializationException>(),
        Directive.Stop.When<ActorKilledException>(),
        Directive.Stop.When<DeathPactException>());

    /// <summary>Restart without limit, but stop what could not be made, was killed, or died of a death pact.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    public static readonly SupervisorStrategy StoppingStrategy = new OneForOneStrategy(_ => Directive.Stop);

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; set; } = true;

    /// <summary>The directive for this failure of this child.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Carries out Restart or Stop.</summary>
    /// <param name="context">The parent.</param>
    /// <param name="restart">False for Stop.</param>
    /// <param name="child">Who failed.</param>
    /// <param name="cause">Of what.</param>
    /// <param name="stats">The child's failure record.</param>
    /// <param name="children">The failure records of all children, for strategies that act on all.</param>
    public abstract void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause,
        ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    /// <summary>A child is gone.</summary>
    public abstract void HandleChildTerminated(IActorContext actorContext, IActorRef child,
        IEnumerable<IInternalActorRef> children);

    /// <summary>Decides and acts.</summary>
    /// <returns>False if the failure is to be escalated.</returns>
    public bool HandleFailure(ActorCell actorCell, IActorRef child, Exception cause, ChildRestartStats stats,
        IReadOnlyCollection<ChildRestartStats> children)
    {
        Directive directive = Handle(child, cause);
        switch (directive)
        {
            case Directive.Escalate:
                LogFailure(actorCell, child, cause, directive);
                return false;
            case Directive.Resume:
                LogFailure(actorCell, child, cause, directive);
                ResumeChild(child, cause);
                return true;
            default:
                LogFailure(actorCell, child, cause, directive);
                ProcessFailure(actorCell, directive == Directive.Restart, child, cause, stats, children);
                return true;
        }
    }

    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled) return;
        string message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message
            : cause.Message;
        string source = child.Path.ToString();
        LogEvent? line = directive switch
        {
            Directive.Resume => new Warning(cause, source, GetType(), message),
            Directive.Escalate => null,
            _ => new Error(cause, source, GetType(), message),
        };
        if (line is not null) context.System.EventStream.Publish(line);
    }

    protected void ResumeChild(IActorRef child, Exception exception) => child.AsInternal().Resume(exception);

    protected void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        IInternalActorRef target = child.AsInternal();
        if (suspendFirst) target.Suspend();
        target.Restart(cause);
    }
}

/// <summary>The decision concerns the failed child alone.</summary>
public class OneForOneStrategy : SupervisorStrategy, IEquatable<OneForOneStrategy>
{
    private readonly IDecider _decider;

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception,
        Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), new LocalOnlyDecider(localOnlyDecider))
    {
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), decider)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception,
        Directive> localOnlyDecider,
        bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    /// <param name="maxNrOfRetries">Restarts allowed within the time; -1 is without limit, 0 none.</param>
    /// <param name="withinTimeMilliseconds">The time in which restarts are counted; -1 is for ever.</param>
    /// <param name="decider">Chooses the directive.</param>
    /// <param name="loggingEnabled">Whether failures are logged.</param>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider,
        bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        _decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, -1, new LocalOnlyDecider(localOnlyDecider))
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled)
        : this(-1, -1, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    protected OneForOneStrategy() : this(DefaultDecider)
    {
    }

    public override IDecider Decider => _decider;

    public int MaxNumberOfRetries { get; }

    public int WithinTimeRangeMilliseconds { get; }

    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) =>
        new(maxNrOfRetries, WithinTimeRangeMilliseconds, _decider, LoggingEnabled);

    protected override Directive Handle(IActorRef child, Exception exception) => _decider.Decide(exception);

    public override void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause,
        ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (restart && stats.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds))
            RestartChild(child, cause, suspendFirst: false);
        else
            context.Stop(child);
    }

    public override void HandleChildTerminated(IActorContext actorContext, IActorRef child,
        IEnumerable<IInternalActorRef> children)
    {
    }

    public bool Equals(OneForOneStrategy? other) => other is not null && MaxNumberOfRetries == other.MaxNumberOfRetries
        && WithinTimeRangeMilliseconds == other.WithinTimeRangeMilliseconds && Equals(_decider, other._decider);

    public override bool Equals(object? obj) => Equals(obj as OneForOneStrategy);

    public override int GetHashCode() => MaxNumberOfRetries * 397 ^ WithinTimeRangeMilliseconds;

    internal static int Milliseconds(TimeSpan? time) => time is { } range ? (int)range.TotalMilliseconds : -1;
}

/// <summary>The decision concerns all children, the failed one and its siblings.</summary>
public class AllForOneStrategy : SupervisorStrategy, IEquatable<AllForOneStrategy>
{
    private readonly IDecider _decider;

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception,
        Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, OneForOneStrategy.Milliseconds(withinTimeRange),
            new LocalOnlyDecider(localOnlyDecider))
    {
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, OneForOneStrategy.Milliseconds(withinTimeRange), decider)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception,
        Directive> localOnlyDecider,
        bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider,
        bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        _decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, -1, new LocalOnlyDecider(localOnlyDecider))
    {
    }

    public AllForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    public override IDecider Decider => _decider;

    public int MaxNumberOfRetries { get; }

    public int WithinTimeRangeMilliseconds { get; }

    protected override Directive Handle(IActorRef child, Exception exception) => _decider.Decide(exception);

    public override void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause,
        ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (children.Count == 0) return;
        // Every sibling's record is asked, not only until the first refusal: the failure counts for all of them.
        bool allowed = restart;
        if (restart)
        {
            foreach (ChildRestartStats each in children)
                allowed &= each.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds);
        }
        foreach (ChildRestartStats each in children)
        {
            if (allowed) RestartChild(each.Child, cause, suspendFirst: !child.Equals(each.Child));
            else context.Stop(each.Child);
        }
    }

    public override void HandleChildTerminated(IActorContext actorContext, IActorRef child,
        IEnumerable<IInternalActorRef> children)
    {
    }

    public bool Equals(AllForOneStrategy? other) => other is not null && MaxNumberOfRetries == other.MaxNumberOfRetries
        && WithinTimeRangeMilliseconds == other.WithinTimeRangeMilliseconds && Equals(_decider, other._decider);

    public override bool Equals(object? obj) => Equals(obj as AllForOneStrategy);

    public override int GetHashCode() => MaxNumberOfRetries * 397 ^ WithinTimeRangeMilliseconds;
}

/// <summary>Makes a strategy whose class is named by the configuration.</summary>
public abstract class SupervisorStrategyConfigurator
{
    public abstract SupervisorStrategy Create();

    /// <exception cref="ConfigurationException">The type is none, or no configurator.</exception>
    public static SupervisorStrategyConfigurator CreateConfigurator(string typeName)
    {
        switch (typeName)
        {
            case "Akka.Actor.DefaultSupervisorStrategy": return new DefaultSupervisorStrategy();
            case "Akka.Actor.StoppingSupervisorStrategy": return new StoppingSupervisorStrategy();
        }
        Type? type = Type.GetType(typeName);
        return type is null || Activator.CreateInstance(type) is not SupervisorStrategyConfigurator configurator
            ? throw new ConfigurationException($"[{typeName}] is not a SupervisorStrategyConfigurator.")
            : configurator;
    }
}

public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
