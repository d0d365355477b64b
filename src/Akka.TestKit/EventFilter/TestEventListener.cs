using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Orders to the test system's logger.</summary>
public static class TestEvent
{
    public sealed record Mute(IReadOnlyList<EventFilter> Filters) : INoSerializationVerificationNeeded;

    public sealed record Unmute(IReadOnlyList<EventFilter> Filters) : INoSerializationVerificationNeeded;
}

/// <summary>
/// The logger of a test system: shows every log event to the filters that are at work. Dead letters and unhandled
/// messages are shown to them too, as warnings. What is printed for the reader is the business of the test
/// framework's own logger.
/// </summary>
public sealed class TestEventListener : ActorBase
{
    private readonly List<EventFilter> _filters = [];

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger start:
                foreach (Type topic in new[] { typeof(TestEvent.Mute), typeof(TestEvent.Unmute), typeof(DeadLetter),
                    typeof(UnhandledMessage) })
                    start.LoggingBus.Subscribe(Self, topic);
                Sender.Tell(new LoggerInitialized());
                break;
            case TestEvent.Mute mute:
                _filters.AddRange(mute.Filters);
                break;
            case TestEvent.Unmute unmute:
                foreach (EventFilter filter in unmute.Filters) _filters.Remove(filter);
                break;
            case LogEvent logEvent:
                Show(logEvent);
                break;
            case DeadLetter letter:
                Show(new Warning(letter.Recipient.Path.ToString(), letter.Recipient.GetType(), letter));
                break;
            case UnhandledMessage unhandled:
                Show(new Warning(unhandled.Recipient.Path.ToString(), unhandled.Recipient.GetType(),
                    $"Unhandled message from {unhandled.Sender}: {MessageText.Of(unhandled.Message)}"));
                break;
            default:
                return false;
        }
        return true;
    }

    private void Show(LogEvent logEvent)
    {
        foreach (EventFilter filter in _filters)
        {
            if (filter.Take(logEvent)) return;
        }
    }
}
