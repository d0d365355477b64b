using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// What stands between a reference and the actor behind it: the same over restarts, while the actor object changes. It
/// holds what every actor needs; what few need (watching, timers, stash, stacked behaviours) hangs in
/// <see cref="RareState"/>, made when first used, because there may be a million cells.
/// </summary>
/// <remarks>
/// Everything here is touched by the mailbox's turn alone, except the children (see <see cref="ChildRegistry"/>) and
/// the mailbox itself. The parts: this file is the context that an actor sees; Lifecycle creates and ends it,
/// Messages handles what arrives, FaultHandling decides after failures, DeathWatch tells of deaths, Behavior keeps
/// what the actor does next.
/// </remarks>
public sealed partial class ActorCell : IUntypedActorContext, ICell
{
    /// <summary>The incarnation number of a path that names a place and no incarnation.</summary>
    public const long UndefinedUid = 0;

    private readonly Mailbox _mailbox;
    private readonly ActorSystemImpl _system;
    private readonly Props _props;
    private readonly LocalActorRef _self;
    private readonly IInternalActorRef _parent;
    private ActorBase? _actor;
    private object? _currentMessage;
    private IActorRef? _currentSender;
    private Receive? _behavior;
    private ChildRegistry? _children;
    private RareState? _rare;
    private CellFlags _flags;

    // The event stream knows the actor and must forget it at the end; set by whoever subscribes it, so not among the
    // flags.
    private int _subscribed;

    internal ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, MessageDispatcher dispatcher,
        MailboxType mailboxType, IInternalActorRef parent)
    {
        _system = system;
        _self = self;
        _props = props;
        _parent = parent;
        IMessageQueue? queue = mailboxType is UnboundedMailbox ? null : mailboxType.Create(self, system);
        _mailbox = new Mailbox(this, dispatcher, queue);
    }

    /// <summary>The cell whose turn runs on this thread; null outside of actors.</summary>
    public static ActorCell? Current => InternalCurrentActorCellKeeper.Current;

    public IActorRef Self => _self;

    public Props Props => _props;

    /// <summary>Who sent the message that is being handled; the dead letters if nobody did.</summary>
    public IActorRef Sender => _currentSender ?? _system.DeadLetters;

    public ActorSystem System => _system;

    public IActorRef Parent => _parent;

    public MessageDispatcher Dispatcher => _mailbox.Dispatcher;

    public object? CurrentMessage => _currentMessage;

    public bool IsTerminated => _mailbox.IsClosed;

    public bool IsLocal => true;

    public int NumberOfMessages => _mailbox.NumberOfMessages;

    public bool HasMessages => _mailbox.HasMessages;

    internal IActorRef? CurrentSender => _currentSender;

    internal ActorSystemImpl SystemImpl => _system;

    internal IInternalActorRef ParentRef => _parent;

    internal LocalActorRef SelfRef => _self;

    internal Mailbox Mailbox => _mailbox;

    internal bool IsCreated => (_flags & CellFlags.Created) != 0;

    internal ActorBase? Actor => _actor;

    internal TimeProvider Time => _system.Host.Time;

    private RareState Rare => _rare ??= new RareState();

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ThrowIfNotCurrent();
        return ActorOf(props, name, isSystemService: false);
    }

    public ActorSelection ActorSelection(string actorPath) =>
        ActorRefFactoryShared.ActorSelection(actorPath, _system, _self);

    public ActorSelection ActorSelection(ActorPath actorPath) =>
        ActorRefFactoryShared.ActorSelection(actorPath, _system);

    public void Stop(IActorRef child)
    {
        _children?.ShallDie(child);
        child.AsInternal().Stop();
    }

    public static IActorRef? GetCurrentSelfOrNoSender() => Current?._self;

    public static IActorRef? GetCurrentSenderOrNoSender() => Current?._currentSender;

    /// <summary>Splits <c>name#uid</c>.</summary>
    internal static (string Name, long Uid) GetNameAndUid(string name)
    {
        int hash = name.IndexOf('#');
        if (hash < 0) return (name, UndefinedUid);
        return (name[..hash], long.TryParse(name.AsSpan(hash + 1), out long uid) ? uid : UndefinedUid);
    }

    public override string ToString() => $"cell of {_self}";

    // A context that another thread uses would race with the actor; the common way to do so is a captured `Context`
    // in a continuation, which this catches.
    private void ThrowIfNotCurrent()
    {
        if (!ReferenceEquals(Current, this)) ThrowNotCurrent();
    }

    private void ThrowNotCurrent() => throw new NotSupportedException(
        $"The context of {_self} was used from outside the actor. It is valid only while the actor handles a message;"
        + " in a continuation, keep what you need in a local first, or send the actor a message with PipeTo.");
}

[Flags]
internal enum CellFlags : byte
{
    None = 0,

    /// <summary>The first turn has come: the actor was made, or its making failed.</summary>
    Created = 1,

    /// <summary>An async handler has not finished: the current message and sender stay.</summary>
    AwaitingTask = 2,

    /// <summary>The actor's class intercepts messages in AroundReceive, or wants them in the log.</summary>
    Intercepts = 4,

    /// <summary>The actor has a receive timeout.</summary>
    HasReceiveTimeout = 8,

    /// <summary>The actor has been stopped for good.</summary>
    Terminated = 16,
}

/// <summary>The cell whose turn runs on this thread.</summary>
internal static class InternalCurrentActorCellKeeper
{
    public static ActorCell? Current
    {
        get => TurnThread.Mine.Current;
        set => TurnThread.Mine.Current = value;
    }
}
