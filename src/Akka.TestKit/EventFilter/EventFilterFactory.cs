using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Makes filters for log events; the last step says how many must come, or that they are to be kept
/// quiet.</summary>
public sealed class EventFilterFactory
{
    private readonly TestKitBase _kit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<EventFilter> _earlier;

    internal EventFilterFactory(TestKitBase kit, ActorSystem system, IReadOnlyList<EventFilter>? earlier = null)
    {
        _kit = kit;
        _system = system;
        _earlier = earlier ?? [];
    }

    /// <summary>Errors whose cause is a TException; the text is the exception's or the event's.</summary>
    public IEventFilterApplier Exception<TException>(
        string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    public IEventFilterApplier Exception<TException>(
        Regex pattern, string? source = null) where TException : Exception =>
        Failure(typeof(TException), new EventPattern(null, null, null, source, pattern), false);

    public IEventFilterApplier Exception(
        Type exceptionType, string? message = null, string? start = null, string? contains = null,
        string? source = null,
        bool checkInnerExceptions = false) =>
        Failure(exceptionType, new EventPattern(message, start, contains, source), checkInnerExceptions);

    public IEventFilterApplier Exception(
        Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false) =>
        Failure(exceptionType, new EventPattern(null, null, null, source, pattern), checkInnerExceptions);

    /// <summary>Events of the level.</summary>
    public IEventFilterApplier ForLogLevel(
        LogLevel logLevel, string? message = null, string? start = null, string? contains = null,
        string? source = null) => OfLevel(logLevel, new EventPattern(message, start, contains, source));

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        OfLevel(logLevel, new EventPattern(null, null, null, source, pattern));

    public IEventFilterApplier Error(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Level<Error>("error", new EventPattern(message, start, contains, source));

    public IEventFilterApplier Error(Regex pattern, string? source = null) =>
        Level<Error>("error", new EventPattern(null, null, null, source, pattern));

    public IEventFilterApplier Warning(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Level<Warning>("warning", new EventPattern(message, start, contains, source));

    public IEventFilterApplier Warning(Regex pattern, string? source = null) =>
        Level<Warning>("warning", new EventPattern(null, null, null, source, pattern));

    public IEventFilterApplier Info(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Level<Info>("info", new EventPattern(message, start, contains, source));

    public IEventFilterApplier Info(Regex pattern, string? source = null) =>
        Level<Info>("info", new EventPattern(null, null, null, source, pattern));

    public IEventFilterApplier Debug(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Level<Debug>("debug", new EventPattern(message, start, contains, source));

    public IEventFilterApplier Debug(Regex pattern, string? source = null) =>
        Level<Debug>("debug", new EventPattern(null, null, null, source, pattern));

    public IEventFilterApplier DeadLetter() => Letter("dead letter", _ => true);

    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) =>
        Letter($"dead letter of type {typeof(TMessage).Name}", letter =>
            letter.Message is TMessage && From(letter, source));

    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        Letter(
            $"dead letter of type {typeof(TMessage).Name} that fits the predicate",
            letter => letter.Message is TMessage message && isMatch(message) && From(letter, source));

    public IEventFilterApplier DeadLetter(Type type, string? source = null) =>
        Letter($"dead letter of type {type.Name}", letter =>
            type.IsInstanceOfType(letter.Message) && From(letter, source));

    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        Letter($"dead letter of type {type.Name} that fits the predicate", letter =>
            type.IsInstanceOfType(letter.Message) && isMatch(letter.Message) && From(letter, source));

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) =>
        Apply(new EventFilter("event that fits the predicate", logEvent => predicate(logEvent)));

    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate) where TLogEvent : LogEvent =>
        Apply(
            new EventFilter(
                $"{typeof(TLogEvent).Name} that fits the predicate", logEvent =>
                    logEvent is TLogEvent typed && predicate(typed)));

    private IEventFilterApplier Level<TLogEvent>(string name, EventPattern pattern) where TLogEvent : LogEvent =>
        Apply(new EventFilter(
            name + pattern, logEvent => logEvent is TLogEvent && pattern.Fits(logEvent, Text(logEvent))));

    private IEventFilterApplier OfLevel(LogLevel level, EventPattern pattern) =>
        Apply(new EventFilter(level.StringFor().ToLowerInvariant() + pattern,
            logEvent => logEvent.LogLevel() == level && pattern.Fits(logEvent, Text(logEvent))));

    private IEventFilterApplier Failure(Type type, EventPattern pattern, bool inner) =>
        Apply(
            new EventFilter(
                $"error caused by {type.Name}{pattern}",
                logEvent => logEvent is Error error &&
                    (pattern with { Message = null, Start = null, Contains = null, Regex = null })
                    .Fits(logEvent, "") && IsCause(error, error.Cause, type, pattern, inner)));

    private static bool IsCause(Error error, Exception? cause, Type type, EventPattern pattern, bool inner)
    {
        if (cause is null) return false;
        if (type.IsInstanceOfType(cause) &&
            (pattern.FitsText(Text(error)) || pattern.FitsText(cause.Message))) return true;
        return inner && IsCause(error, cause.InnerException, type, pattern, inner);
    }

    private IEventFilterApplier Letter(string name, Func<DeadLetter, bool> isMatch) =>
        Apply(new EventFilter(name, logEvent => logEvent.Message is DeadLetter letter && isMatch(letter)));

    private static bool From(DeadLetter letter, string? source) =>
        source is null || letter.Recipient.Path.ToString() == source ||
            letter.Recipient.Path.ToStringWithoutAddress() == source;

    private static string Text(LogEvent logEvent) => logEvent.Message?.ToString() ?? "";

    private EventFilterApplier Apply(EventFilter filter) => new(_kit, _system, [.. _earlier, filter]);
}
