namespace Akka.Actor;

/// <summary>A behaviour: true if the message was handled.</summary>
public delegate bool Receive(object message);

/// <summary>A behaviour that handles, in its own opinion, whatever comes.</summary>
public delegate void UntypedReceive(object message);

/// <summary>
/// The base of all actors. An actor handles one message at a time; what it throws is its parent's to decide on. It is
/// made by its system only: <c>system.ActorOf(Props.Create(() => new MyActor()))</c>.
/// </summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;

    /// <exception cref="ActorInitializationException">The actor was made with <c>new</c> outside of its
    /// Props.</exception>
    protected ActorBase()
    {
        ActorCell? cell = ActorCell.Current;
        if (cell is null || cell.Actor is not null)
        {
            throw new ActorInitializationException(
                $"An actor cannot be made with new {GetType().Name}(...); give its Props to ActorOf, so that it gets a"
                + " mailbox, a parent and a reference.");
        }
        _cell = cell;
    }

    /// <summary>Who sent the message that is being handled; the dead letters if nobody did.</summary>
    protected IActorRef Sender => _cell.Sender;

    protected IActorRef Self => _cell.Self;

    /// <exception cref="NotSupportedException">No actor runs on this thread.</exception>
    protected static IActorContext Context => ActorCell.Current ?? ThrowNoContext();

    internal ActorCell Cell => _cell;

    /// <summary>Handles a message.</summary>
    /// <returns>False if the actor has no use for it; it is then <see cref="Unhandled"/>.</returns>
    protected abstract bool Receive(object message);

    /// <summary>A message that the behaviour did not take. Terminated throws, everything else is published.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated) throw new DeathPactException(terminated.ActorRef);
        _cell.System.EventStream.Publish(new Event.UnhandledMessage(message, Sender, Self));
        if (_cell.System.Settings.DebugUnhandledMessage)
        {
            _cell.System.EventStream.Publish(new Event.Debug(Self.Path.ToString(), GetType(),
                $"Unhandled message from {Sender.Path} : {Event.MessageText.Of(message)}"));
        }
    }

    /// <summary>Every message passes here on its way to the behaviour.</summary>
    protected virtual bool AroundReceive(Receive receive, object message)
    {
        bool handled = receive(message);
        if (!handled) Unhandled(message);
        return handled;
    }

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(Receive receive) => _cell.Become(receive);

    /// <summary>Replaces the behaviour until <see cref="UnbecomeStacked"/> brings the present one back.</summary>
    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    /// <summary>Sends <see cref="ReceiveTimeout"/> to this actor whenever nothing has come for so long; null is
    /// never.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);

    /// <summary>Before the first message, and again after a restart unless <see cref="PostRestart"/> is
    /// overridden.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>After the last message; the children are gone already.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>On the failed actor object, before the new one is made. Stops all children, then calls
    /// PostStop.</summary>
    /// <param name="reason">What was thrown.</param>
    /// <param name="message">The message that was being handled, or null.</param>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (IInternalActorRef child in _cell.ChildSnapshot())
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }
        PostStop();
    }

    /// <summary>On the new actor object; calls PreStart.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>How this actor decides on failures of its children; by default what its Props say, or else
    /// restart.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPostStop() => PostStop();

    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    public virtual void AroundPostRestart(Exception cause, object? message = null) => PostRestart(cause);

    internal bool ReceiveAround(Receive receive, object message) => AroundReceive(receive, message);

    internal bool ReceiveOwn(object message) => Receive(message);

    internal void UnhandledMessage(object message) => Unhandled(message);

    internal SupervisorStrategy OwnSupervisorStrategy() => SupervisorStrategy();

    private static IActorContext ThrowNoContext() => throw new NotSupportedException(
        "There is no active ActorContext: Context works only while an actor handles a message, on the thread that does"
        + " so. In a task or a callback, keep Self or Sender in a local first, or use PipeTo.");
}

/// <summary>An actor that handles its messages in one method.</summary>
public abstract class UntypedActor : ActorBase
{
    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    protected abstract void OnReceive(object message);

    /// <summary>Runs async code; further messages wait until it is done.</summary>
    protected static void RunTask(Func<Task> action) => Dispatch.ActorTaskScheduler.RunTask(action);

    protected static void RunTask(Action action) => Dispatch.ActorTaskScheduler.RunTask(action);

    protected void Become(UntypedReceive receive) => ((IUntypedActorContext)Cell).Become(receive);

    protected void BecomeStacked(UntypedReceive receive) => ((IUntypedActorContext)Cell).BecomeStacked(receive);
}
