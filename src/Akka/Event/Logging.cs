using Akka.Actor;

namespace Akka.Event;

/// <summary>Makes logs: <c>private readonly ILoggingAdapter _log = Context.GetLogger();</c>.</summary>
public static class Logging
{
    /// <summary>A log in the name of the running actor.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context,
        ILogMessageFormatter? logMessageFormatter = null)
    {
        Type actor = (context as ActorCell)?.Props.Type ?? context.GetType();
        return new BusLogging(context.System.EventStream, context.Self.Path.ToString(), actor,
            Formatter(logMessageFormatter));
    }

    /// <summary>A log in the name of whatever <paramref name="logSourceObj"/> is: an actor, a reference, a class, a
    /// text.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj,
        ILogMessageFormatter? formatter = null)
    {
        (string source, Type type) = SourceOf(logSourceObj, system);
        return new BusLogging(system.EventStream, source, type, Formatter(formatter));
    }

    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj,
        ILogMessageFormatter? formatter = null)
    {
        (string source, Type type) = SourceOf(logSourceObj, null);
        return new BusLogging(loggingBus, source, type, Formatter(formatter));
    }

    /// <summary>Reads <c>akka.loglevel</c>: DEBUG, INFO, WARNING, ERROR or OFF.</summary>
    public static LogLevel LogLevelFor(string logLevel) => logLevel?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" or "WARN" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => OffLevel,
        _ => throw new ArgumentException(
            $"'{logLevel}' is not a log level; use DEBUG, INFO, WARNING, ERROR or OFF.", nameof(logLevel)),
    };

    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        _ => "OFF",
    };

    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        _ => typeof(Error),
    };

    internal const LogLevel OffLevel = (LogLevel)int.MaxValue;

    private static ILogMessageFormatter Formatter(ILogMessageFormatter? given) =>
        given ?? DefaultLogMessageFormatter.Instance;

    private static (string Source, Type Type) SourceOf(object source, ActorSystem? system) => source switch
    {
        string text => (system is null ? text : $"{text} ({system})", source.GetType()),
        Type type => (system is null ? type.Name : $"{type.Name} ({system})", type),
        IActorContext context => (context.Self.Path.ToString(), context.Props.Type),
        ActorBase actor => (actor.Cell.Self.Path.ToString(), actor.GetType()),
        IActorRef actorRef => (actorRef.Path.ToString(), source.GetType()),
        _ => (source.ToString() ?? source.GetType().Name, source.GetType()),
    };
}
