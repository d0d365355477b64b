using Akka.Actor;
using Akka.Engine;

namespace Akka.Event;

/// <summary>A message whose loss is expected and not worth a line.</summary>
public interface IDeadLetterSuppression
{
}

/// <summary>A message that reached nobody.</summary>
public abstract class AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
{
    public object Message { get; } = message;

    public IActorRef Sender { get; } = sender;

    public IActorRef Recipient { get; } = recipient;

    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{MessageText.Of(Message)}>";
}

/// <summary>A message to an actor that is dead or never was.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    /// <exception cref="ArgumentNullException">There is no sender or no recipient; whoever has none names the dead
    /// letters.</exception>
    public DeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(recipient);
    }
}

/// <summary>A dead letter that nobody needs to hear of.</summary>
public sealed class SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient);

/// <summary>A message that was dropped on purpose, such as one more than a bounded queue holds.</summary>
public sealed class Dropped(object message, string reason, IActorRef sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient)
{
    public string Reason { get; } = reason;
}

/// <summary>A message that its actor had no use for.</summary>
public sealed class UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient);

/// <summary>
/// Logs dead letters, each kind of thing once: as many as <c>akka.log-dead-letters</c> says, then none for
/// <c>log-dead-letters-suspend-duration</c>, then again with the number of those passed over.
/// </summary>
internal sealed class DeadLetterListener : ActorBase
{
    private readonly EventStream _stream;
    private readonly TimeProvider _time;
    private readonly int _allowed;
    private readonly TimeSpan _pause;
    private int _seen;
    private int _passedOver;
    private long _pausedAt;
    private bool _paused;

    public DeadLetterListener()
    {
        ActorSystem system = Context.System;
        _stream = system.EventStream;
        _time = Cell.Time;
        _allowed = system.Settings.LogDeadLetters;
        _pause = system.Settings.LogDeadLettersSuspendDuration;
    }

    /// <summary>By whoever makes it, so that no letter is missed between the making and the first turn.</summary>
    public static void Subscribe(IActorRef listener, EventStream stream)
    {
        stream.Subscribe(listener, typeof(DeadLetter));
        stream.Subscribe(listener, typeof(Dropped));
        stream.Subscribe(listener, typeof(UnhandledMessage));
    }

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter) return false;
        if (letter.Message is LogEvent or IDeadLetterSuppression) return true;
        if (_paused)
        {
            if (_pause == Timeout.InfiniteTimeSpan) return true;
            if (_time.GetElapsedTime(_pausedAt) < _pause)
            {
                _passedOver++;
                return true;
            }
            _paused = false;
            _seen = 0;
        }
        _seen++;
        Write(letter);
        return true;
    }

    private void Write(AllDeadLetters letter)
    {
        string ending = "";
        bool last = _allowed != int.MaxValue && _seen >= _allowed;
        if (last && _pause == Timeout.InfiniteTimeSpan)
        {
            ending = ", no more dead letters will be logged";
            _paused = true;
            _stream.Unsubscribe(Self);
        }
        else if (last)
        {
            ending = $", no more dead letters will be logged in the next {_pause}";
            _paused = true;
            _pausedAt = _time.GetTimestamp();
        }
        if (_passedOver > 0) ending += $", of which {_passedOver} were not logged";
        _passedOver = 0;
        _stream.Publish(new Info(letter.Recipient.Path.ToString(), letter.Recipient.GetType(),
            $"Message [{letter.Message?.GetType().Name ?? "null"}] from {letter.Sender} to {letter.Recipient} {What(letter)}. [{_seen}]"
            + $" dead letters encountered{ending}. This logging can be turned off or adjusted with configuration settings"
            + " 'akka.log-dead-letters' and 'akka.log-dead-letters-during-shutdown'. Message content: "
            + MessageText.Of(letter.Message)));
    }

    private static string What(AllDeadLetters letter) => letter switch
    {
        Dropped dropped => $"was dropped: {dropped.Reason}",
        Akka.Event.UnhandledMessage => "was unhandled",
        _ => "was not delivered",
    };
}
