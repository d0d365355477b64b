using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Pattern;

/// <summary>
/// The parent of one child that brings it back after a delay, and after a longer one each time it ends again: so that something that is down
/// is not hammered by those who need it. Messages are forwarded to the child, the child's go to its parent's parent.
/// </summary>
public sealed class BackoffSupervisor : ActorBase
{
    private readonly BackoffOptions _options;
    private readonly Random _random = ((ActorSystemImpl)Context.System).Host.CreateRandom($"backoff:{Context.Self.Path}");
    private IActorRef? _child;
    private int _restarts;
    private bool _isFinalStop;
    private bool _hasFailed;

    /// <summary>For the props that are made of the options.</summary>
    public BackoffSupervisor(BackoffOptions options) => _options = options;

    /// <summary>Asks for the child; answered with <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        public static readonly GetCurrentChild Instance = new();
    }

    /// <param name="ref">Null while there is none.</param>
    public sealed class CurrentChild(IActorRef? @ref)
    {
        public IActorRef? Ref { get; } = @ref;
    }

    /// <summary>Forgets how often the child has ended.</summary>
    public sealed class Reset
    {
        public static readonly Reset Instance = new();
    }

    /// <summary>Asks how often the child was brought back; answered with <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        public static readonly GetRestartCount Instance = new();
    }

    public sealed class RestartCount(int count)
    {
        public int Count { get; } = count;
    }

    private sealed record StartChild : IDeadLetterSuppression
    {
        public static readonly StartChild Instance = new();
    }

    private sealed record AutoReset(int Restarts) : IDeadLetterSuppression;

    public static Props Props(BackoffOptions options) => options.Props;

    protected override SupervisorStrategy SupervisorStrategy()
    {
        OneForOneStrategy inner = _options.Strategy ?? (OneForOneStrategy)Actor.SupervisorStrategy.DefaultStrategy;
        return _options.OnFailure ? new OneForOneStrategy(cause => Decide(inner, cause)) : inner;
    }

    // On failure the child is stopped where its own rules would have restarted it; it comes back after the delay. A child
    // that stops otherwise has come to its end.
    private Directive Decide(OneForOneStrategy inner, Exception cause)
    {
        Directive verdict = inner.Decider.Decide(cause);
        if (verdict != Directive.Restart) return verdict;
        _hasFailed = true;
        return Directive.Stop;
    }

    protected override void PreStart() => Start();

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated dead when dead.ActorRef.Equals(_child):
                OnChildEnded();
                break;
            case StartChild:
                Start();
                break;
            case AutoReset reset when reset.Restarts == _restarts:
                _restarts = 0;
                break;
            case AutoReset:
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child));
                break;
            case Reset when _options.AutoResetAfter is not null:
                Unhandled(message);
                break;
            case Reset:
                _restarts = 0;
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts));
                break;
            default:
                Pass(message);
                break;
        }
        return true;
    }

    /// <summary>The delay before the next start: doubled every time, at most the longest, with a little chance.</summary>
    internal static TimeSpan Delay(int restarts, TimeSpan min, TimeSpan max, double randomFactor, double chance)
    {
        double random = 1.0 + chance * randomFactor;
        double ticks = min.Ticks * Math.Pow(2, Math.Min(restarts, 62)) * random;
        return ticks >= max.Ticks ? max : TimeSpan.FromTicks((long)ticks);
    }

    private void Start()
    {
        if (_child is not null) return;
        _child = Context.Watch(Context.ActorOf(_options.ChildProps, _options.ChildName));
        if (_options.AutoResetAfter is { } calm)
            Context.System.Scheduler.ScheduleTellOnce(calm, Self, new AutoReset(_restarts), Self);
    }

    private void OnChildEnded()
    {
        _child = null;
        bool isLast = _isFinalStop || _options.OnFailure && !_hasFailed
            || _options.MaxRetries >= 0 && _restarts >= _options.MaxRetries;
        _hasFailed = false;
        if (isLast)
        {
            Context.Stop(Self);
            return;
        }
        TimeSpan delay = Delay(_restarts, _options.MinBackoff, _options.MaxBackoff, _options.RandomFactor, _random.NextDouble());
        _restarts++;
        Context.System.Scheduler.ScheduleTellOnce(delay, Self, StartChild.Instance, Self);
    }

    private void Pass(object message)
    {
        if (_child is not null && Sender.Equals(_child))
        {
            if (_options.FinalStop?.Invoke(message) == true) _isFinalStop = true;
            Context.Parent.Forward(message);
            return;
        }
        if (_options.FinalStop?.Invoke(message) == true) _isFinalStop = true;
        if (_child is not null) _child.Forward(message);
        else if (_options.ReplyWhileStopped is { } reply) Sender.Tell(reply);
        else Context.System.DeadLetters.Forward(message);
    }
}
