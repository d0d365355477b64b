using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// An actor that says in its constructor which messages it takes: <c>Receive&lt;Order&gt;(OnOrder)</c>. Of several
/// handlers that fit, the first one declared gets the message.
/// </summary>
public abstract class ReceiveActor : UntypedActor
{
    // Declared, in order; a behaviour is one such array for good.
    private MessageHandler[] _handlers;
    private List<MessageHandler>? _configuring;

    protected ReceiveActor()
    {
        _handlers = [];
        _configuring = [];
    }

    protected sealed override void OnReceive(object message)
    {
        MessageHandler[] handlers = _configuring is null ? _handlers : Finished();
        foreach (MessageHandler handler in handlers)
            if (handler.TryHandle(message)) return;
        Unhandled(message);
    }

    /// <summary>Replaces the behaviour by the handlers that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure)
    {
        MessageHandler[] handlers = Configured(configure);
        Cell.Become(message => Handle(handlers, message));
    }

    /// <summary>As <see cref="Become"/>, until UnbecomeStacked brings the present behaviour back.</summary>
    protected void BecomeStacked(Action configure)
    {
        MessageHandler[] handlers = Configured(configure);
        Cell.BecomeStacked(message => Handle(handlers, message));
    }

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Add(new ActionHandler<T>(NotNull(handler), shouldHandle));

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) =>
        Add(new ActionHandler<T>(NotNull(handler), NotNull(shouldHandle)));

    /// <param name="handler">Returns false to leave the message to the handlers after it.</param>
    protected void Receive<T>(Func<T, bool> handler) => Add(new FunctionHandler<T>(NotNull(handler)));

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Add(new TypeHandler(NotNull(messageType), NotNull(handler), shouldHandle));

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Add(new TypeHandler(NotNull(messageType), NotNull(handler), NotNull(shouldHandle)));

    protected void Receive(Type messageType, Func<object, bool> handler)
    {
        NotNull(messageType);
        NotNull(handler);
        Add(new FunctionHandler<object>(message => messageType.IsInstanceOfType(message) && handler(message)));
    }

    /// <summary>An async handler: the messages after it wait until it is done, and its awaits come back to the
    /// actor.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Add(new AsyncHandler<T>(NotNull(handler), shouldHandle));

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        Add(new AsyncHandler<T>(NotNull(handler), NotNull(shouldHandle)));

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null)
    {
        NotNull(messageType);
        Add(new AsyncHandler<object>(NotNull(handler),
            message => messageType.IsInstanceOfType(message) && (shouldHandle is null || shouldHandle(message))));
    }

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, NotNull(shouldHandle));

    /// <summary>Takes every message that no handler before it took; no handler can come after it.</summary>
    protected void ReceiveAny(Action<object> handler) =>
        Add(new ActionHandler<object>(NotNull(handler), null) { TakesAll = true });

    protected void ReceiveAnyAsync(Func<object, Task> handler) =>
        Add(new AsyncHandler<object>(NotNull(handler), null) { TakesAll = true });

    private bool Handle(MessageHandler[] handlers, object message)
    {
        foreach (MessageHandler handler in handlers)
            if (handler.TryHandle(message)) return true;
        return false;
    }

    private MessageHandler[] Finished()
    {
        _handlers = [.. _configuring!];
        _configuring = null;
        return _handlers;
    }

    private MessageHandler[] Configured(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        if (_configuring is not null) Finished();
        _configuring = [];
        try
        {
            configure();
            return [.. _configuring];
        }
        finally
        {
            _configuring = null;
        }
    }

    private void Add(MessageHandler handler)
    {
        if (_configuring is null)
        {
            throw new InvalidOperationException(
                "Handlers are declared in the actor's constructor and inside Become, nowhere else.");
        }
        if (_configuring.Count > 0 && _configuring[^1].TakesAll)
        {
            throw new InvalidOperationException(
                "A handler after one that takes everything would never be called; declare it before ReceiveAny.");
        }
        _configuring.Add(handler);
    }

    private static TArgument NotNull<TArgument>(TArgument argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        return argument;
    }

    private abstract class MessageHandler
    {
        public bool TakesAll { get; init; }

        public abstract bool TryHandle(object message);
    }

    private sealed class ActionHandler<T>(Action<T> handler, Predicate<T>? shouldHandle) : MessageHandler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || shouldHandle is not null && !shouldHandle(typed)) return false;
            handler(typed);
            return true;
        }
    }

    private sealed class FunctionHandler<T>(Func<T, bool> handler) : MessageHandler
    {
        public override bool TryHandle(object message) => message is T typed && handler(typed);
    }

    private sealed class TypeHandler(Type type, Action<object> handler, Predicate<object>? shouldHandle)
        : MessageHandler
    {
        public override bool TryHandle(object message)
        {
            if (!type.IsInstanceOfType(message) || shouldHandle is not null && !shouldHandle(message)) return false;
            handler(message);
            return true;
        }
    }

    private sealed class AsyncHandler<T>(Func<T, Task> handler, Predicate<T>? shouldHandle) : MessageHandler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || shouldHandle is not null && !shouldHandle(typed)) return false;
            ActorTaskScheduler.RunTask(() => handler(typed));
            return true;
        }
    }
}
