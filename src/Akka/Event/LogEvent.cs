using System.Globalization;
using Akka.Actor;

namespace Akka.Event;

/// <summary>How grave a log line is; a system shows those at or above its level.</summary>
public enum LogLevel
{
    DebugLevel,
    InfoLevel,
    WarningLevel,
    ErrorLevel,
}

/// <summary>A line of the log on its way to the loggers, over the event stream.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    protected LogEvent(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
        Timestamp = LogClock.UtcNow();
        ThreadId = Environment.CurrentManagedThreadId;
    }

    public Exception? Cause { get; }

    /// <summary>Wall clock, UTC.</summary>
    public DateTime Timestamp { get; internal set; }

    /// <summary>The managed thread that logged.</summary>
    public int ThreadId { get; }

    /// <summary>Who logged: usually an actor's path.</summary>
    public string LogSource { get; }

    public Type LogClass { get; }

    public object Message { get; }

    public abstract LogLevel LogLevel();

    /// <summary><c>[INFO][11/21/2026 04:00:00.000Z][Thread 0004][akka://system/user/a] text</c>, then the
    /// cause.</summary>
    public override string ToString()
    {
        string line = string.Create(CultureInfo.InvariantCulture,
            $"[{LevelName()}][{Timestamp:MM/dd/yyyy HH:mm:ss.fff}Z][Thread {ThreadId:0000}][{LogSource}] {Message}");
        return Cause is null ? line : $"{line}{Environment.NewLine}Cause: {MessageText.Cut(Cause.ToString(), MessageText.LongestCause)}";
    }

    private string LevelName() => LogLevel() switch
    {
        Event.LogLevel.DebugLevel => "DEBUG",
        Event.LogLevel.InfoLevel => "INFO",
        Event.LogLevel.WarningLevel => "WARNING",
        _ => "ERROR",
    };
}

/// <summary>The clock of log lines: that of the running actor's host, or the process's.</summary>
internal static class LogClock
{
    public static DateTime UtcNow() =>
        (ActorCell.Current?.Time ?? Engine.ProcessHost.Instance.Time).GetUtcNow().UtcDateTime;
}

public class Debug : LogEvent
{
    public Debug(string logSource, Type logClass, object message) : base(null, logSource, logClass, message)
    {
    }

    public Debug(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

public class Info : LogEvent
{
    public Info(string logSource, Type logClass, object message) : base(null, logSource, logClass, message)
    {
    }

    public Info(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

public class Warning : LogEvent
{
    public Warning(string logSource, Type logClass, object message) : base(null, logSource, logClass, message)
    {
    }

    public Warning(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

public class Error(Exception? cause, string logSource, Type logClass, object message)
    : LogEvent(cause, logSource, logClass, message)
{
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}

/// <summary>To a logger: you are one now. It answers with <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger(LoggingBus loggingBus) : INoSerializationVerificationNeeded
{
    public LoggingBus LoggingBus { get; } = loggingBus;
}

/// <summary>A logger is ready.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
}
