namespace Akka.Event;

/// <summary>Turns a format and its arguments into text, when a logger shows the line.</summary>
public interface ILogMessageFormatter
{
    string Format(string format, params object?[] args);

    string Format(string format, IEnumerable<object?> args);
}

/// <summary>As <see cref="string.Format(string, object[])"/>; a format that does not fit its arguments is shown as it
/// is.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    public static readonly DefaultLogMessageFormatter Instance = new();

    public string Format(string format, params object?[] args)
    {
        if (args.Length == 0) return format;
        try
        {
            return string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);
        }
        catch (FormatException)
        {
            return $"{format} [{string.Join(", ", args)}]";
        }
    }

    public string Format(string format, IEnumerable<object?> args) => Format(format, args.ToArray());
}

/// <summary>A format with its arguments, put together only if somebody shows it.</summary>
public class LogMessage(ILogMessageFormatter formatter, string format, params object?[] parameters)
{
    public string Format { get; } = format;

    public object?[] Args { get; } = parameters;

    public virtual IEnumerable<object?> Parameters() => Args;

    public override string ToString() => formatter.Format(Format, Args);
}

/// <summary>Where an actor logs.</summary>
public interface ILoggingAdapter
{
    ILogMessageFormatter Formatter { get; }

    bool IsDebugEnabled { get; }

    bool IsInfoEnabled { get; }

    bool IsWarningEnabled { get; }

    bool IsErrorEnabled { get; }

    bool IsEnabled(LogLevel logLevel);

    void Log(LogLevel logLevel, Exception? cause, LogMessage message);

    void Log(LogLevel logLevel, Exception? cause, string format);
}

/// <summary>Logging by level, with a format and arguments.</summary>
public static class LoggingExtensions
{
    public static void Debug(this ILoggingAdapter log, string format, params object?[] args) =>
        log.Write(LogLevel.DebugLevel, null, format, args);

    public static void Debug(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) =>
        log.Write(LogLevel.DebugLevel, cause, format, args);

    public static void Info(this ILoggingAdapter log, string format, params object?[] args) =>
        log.Write(LogLevel.InfoLevel, null, format, args);

    public static void Info(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) =>
        log.Write(LogLevel.InfoLevel, cause, format, args);

    public static void Warning(this ILoggingAdapter log, string format, params object?[] args) =>
        log.Write(LogLevel.WarningLevel, null, format, args);

    public static void Warning(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) =>
        log.Write(LogLevel.WarningLevel, cause, format, args);

    public static void Error(this ILoggingAdapter log, string format, params object?[] args) =>
        log.Write(LogLevel.ErrorLevel, null, format, args);

    public static void Error(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) =>
        log.Write(LogLevel.ErrorLevel, cause, format, args);

    public static void Log(this ILoggingAdapter log, LogLevel logLevel, string format, params object?[] args) =>
        log.Write(logLevel, null, format, args);

    public static void Log(this ILoggingAdapter log, LogLevel logLevel, Exception? cause, string format,
        params object?[] args) =>
        log.Write(logLevel, cause, format, args);

    private static void Write(this ILoggingAdapter log, LogLevel level, Exception? cause, string format, object?[] args)
    {
        if (!log.IsEnabled(level)) return;
        if (args.Length == 0) log.Log(level, cause, format);
        else log.Log(level, cause, new LogMessage(log.Formatter, format, args));
    }
}

/// <summary>A log that leads nowhere.</summary>
public sealed class NoLogger : ILoggingAdapter
{
    public static readonly ILoggingAdapter Instance = new NoLogger();

    private NoLogger()
    {
    }

    public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

    public bool IsDebugEnabled => false;

    public bool IsInfoEnabled => false;

    public bool IsWarningEnabled => false;

    public bool IsErrorEnabled => false;

    public bool IsEnabled(LogLevel logLevel) => false;

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message)
    {
    }

    public void Log(LogLevel logLevel, Exception? cause, string format)
    {
    }
}

/// <summary>A log that publishes to a bus, from where the loggers take it.</summary>
public sealed class BusLogging(LoggingBus bus, string logSource, Type logClass, ILogMessageFormatter formatter)
    : ILoggingAdapter
{
    public LoggingBus Bus { get; } = bus;

    public string LogSource { get; } = logSource;

    public Type LogClass { get; } = logClass;

    public ILogMessageFormatter Formatter { get; } = formatter;

    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Bus.LogLevel;

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) => Publish(logLevel, cause, message);

    public void Log(LogLevel logLevel, Exception? cause, string format) => Publish(logLevel, cause, format);

    private void Publish(LogLevel level, Exception? cause, object message)
    {
        if (!IsEnabled(level)) return;
        LogEvent line = level switch
        {
            LogLevel.DebugLevel => new Debug(cause, LogSource, LogClass, message),
            LogLevel.InfoLevel => new Info(cause, LogSource, LogClass, message),
            LogLevel.WarningLevel => new Warning(cause, LogSource, LogClass, message),
            _ => new Error(cause, LogSource, LogClass, message),
        };
        if (Bus.Time is { } time) line.Timestamp = time.GetUtcNow().UtcDateTime;
        Bus.Publish(line);
    }
}
