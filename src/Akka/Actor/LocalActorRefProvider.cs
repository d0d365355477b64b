using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>The tree of one process: <c>/</c> with <c>/user</c>, <c>/system</c>, <c>/temp</c> and
/// <c>/deadLetters</c>.</summary>
public sealed class LocalActorRefProvider : IActorRefProvider
{
    private readonly EventStream _eventStream;
    // Continuations run where the root ends, on the host's executor: the providers of other nodes go on from there.
    private readonly TaskCompletionSource _terminated = new();
    private readonly ActorPath _tempNode;
    private long _tempNames;
    private ActorSystemImpl? _system;
    private RootGuardianRef? _rootGuardian;
    private LocalActorRef? _guardian;
    private LocalActorRef? _systemGuardian;
    private VirtualPathContainer? _tempContainer;

    public LocalActorRefProvider(string systemName, Settings settings, EventStream eventStream)
        : this(systemName, settings, eventStream, null, null)
    {
    }

    internal LocalActorRefProvider(string systemName, Settings settings, EventStream eventStream, Deployer? deployer,
        Func<ActorPath, IInternalActorRef>? deadLetters)
    {
        Settings = settings;
        _eventStream = eventStream;
        RootPath = new RootActorPath(new Address("akka", systemName));
        Deployer = deployer ?? new Deployer(settings);
        DeadLetters = deadLetters?.Invoke(RootPath / "deadLetters")
            ?? new DeadLetterActorRef(this, RootPath / "deadLetters", eventStream);
        IgnoreRef = new IgnoreActorRef(this);
        _tempNode = RootPath / "temp";
        Walker = new BubbleWalker(this);
    }

    public IInternalActorRef RootGuardian => _rootGuardian ?? throw NotYet();

    public LocalActorRef Guardian => _guardian ?? throw NotYet();

    public LocalActorRef SystemGuardian => _systemGuardian ?? throw NotYet();

    public IActorRef DeadLetters { get; }

    public IActorRef IgnoreRef { get; }

    public ActorPath RootPath { get; }

    public Settings Settings { get; }

    public Deployer Deployer { get; }

    public IInternalActorRef TempContainer => _tempContainer ?? throw NotYet();

    public ActorSystemImpl System => _system ?? throw NotYet();

    public Address DefaultAddress => RootPath.Address;

    public Task TerminationTask => _terminated.Task;

    /// <summary>The root's parent: hears of its end.</summary>
    internal IInternalActorRef Walker { get; }

    public void Init(ActorSystemImpl system)
    {
        _system = system;
        MessageDispatcher dispatcher = system.Dispatchers.InternalDispatcher;
        _rootGuardian = new RootGuardianRef(system, this, dispatcher);
        _tempContainer = new VirtualPathContainer(this, _tempNode, _rootGuardian);
        _rootGuardian.AddExtraName("temp", _tempContainer);
        if (DeadLetters is IInternalActorRef deadLetters) _rootGuardian.AddExtraName("deadLetters", deadLetters);
        _rootGuardian.Start();

        SupervisorStrategy strategy =
            SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();
        _guardian = AddGuardian("user", Props.Create<GuardianActor>().WithSupervisorStrategy(strategy),
            system.Dispatchers.DefaultGlobalDispatcher);
        Props systemProps = Props.Create<SystemGuardianActor>(_guardian);
        _systemGuardian = AddGuardian("system", systemProps, dispatcher);
        _systemGuardian.SendSystemMessage(new Watch(_guardian, _systemGuardian));
        _rootGuardian.SendSystemMessage(new Watch(_systemGuardian, _rootGuardian));
    }

    /// <summary>A name directly below the root, for the provider of other nodes' actors.</summary>
    public void RegisterExtraName(string name, IInternalActorRef actor) => _rootGuardian!.AddExtraName(name, actor);

    public ActorPath TempPath() =>
        new ChildActorPath(_tempNode, ChildRegistry.Base64Name(Interlocked.Increment(ref _tempNames)));

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) =>
        _tempContainer!.AddChild(path.Name, actorRef);

    public void UnregisterTempActor(ActorPath path) => _tempContainer!.RemoveChild(path.Name);

    public IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService, Deploy? deploy, bool lookupDeploy, bool async)
    {
        Deploy? configured = deploy;
        if (configured is null && lookupDeploy && Deployer.HasAny && path.Depth > 1 && !systemService)
            configured = Deployer.Lookup(path);
        if (configured is not null) props = props.WithDeploy(configured);
        if (props.RouterConfig is not NoRouter) return RoutedActorRef.Create(system, props, supervisor, path);
        return new LocalActorRef(system, props, DispatcherOf(props, systemService), system.Mailboxes.Of(props),
            supervisor, path);
    }

    public IActorRef ResolveActorRef(string path)
    {
        if (IgnoreActorRef.IsIgnoreRefPath(path)) return IgnoreRef;
        return ActorPath.TryParse(path, out ActorPath? parsed) && parsed!.Address.Equals(RootPath.Address)
            ? ResolveActorRef(parsed)
            : DeadLetters;
    }

    public IActorRef ResolveActorRef(ActorPath actorPath) =>
        actorPath.Root.Equals(RootPath)
            ? ResolveLocal(actorPath)
            : new EmptyLocalActorRef(this, actorPath, _eventStream);

    /// <summary>Follows the names whatever the address says.</summary>
    internal IInternalActorRef ResolveLocal(ActorPath path)
    {
        if (path.Depth == 0) return RootGuardian;
        IActorRef found = RootGuardian.GetChild(path.ElementsWithUid);
        if (found is not Nobody) return (IInternalActorRef)found;
        // Its path must travel with the address of the provider that others know.
        return new EmptyLocalActorRef(System.Provider, RootPath / path.ElementsWithUid, _eventStream);
    }

    public IActorRef RootGuardianAt(Address address) => address == RootPath.Address ? RootGuardian : DeadLetters;

    public Address? GetExternalAddressFor(Address address) => address == RootPath.Address ? address : null;

    internal MessageDispatcher DispatcherOf(Props props, bool systemService)
    {
        ActorSystemImpl system = System;
        string given = props.Deploy.Dispatcher;
        if (given != Deploy.NoDispatcherGiven) return system.Dispatchers.Lookup(given);
        return systemService ? system.Dispatchers.InternalDispatcher : system.Dispatchers.DefaultGlobalDispatcher;
    }

    private LocalActorRef AddGuardian(string name, Props props, MessageDispatcher dispatcher)
    {
        LocalActorRef guardian = new(System, props, dispatcher, UnboundedMailbox.Instance, _rootGuardian!,
            RootPath / name);
        _rootGuardian!.Cell.Adopt(guardian);
        guardian.Start();
        return guardian;
    }

    private static InvalidOperationException NotYet() => new("The actor system has not been started yet.");

    /// <summary>Parent of the root: nobody is above it, so failures and deaths that come here end the
    /// system.</summary>
    private sealed class BubbleWalker(LocalActorRefProvider provider) : MinimalActorRef
    {
        public override ActorPath Path { get; } = provider.RootPath / "bubble-walker";

        public override IActorRefProvider Provider => provider;

        public override bool IsTerminated => provider._terminated.Task.IsCompleted;

        public override void SendSystemMessage(ISystemMessage message)
        {
            switch (message)
            {
                case Failed failed:
                    provider._eventStream.Publish(new Error(failed.Cause, Path.ToString(), GetType(),
                        $"The guardian of all guardians failed; the system stops: {failed.Cause.Message}"));
                    failed.Child.AsInternal().Stop();
                    break;
                case DeathWatchNotification when provider._terminated.TrySetResult():
                    // A provider around this one has more to do, and says itself when it is done.
                    if (ReferenceEquals(provider.System.Provider, provider)) provider.System.Ended();
                    break;
            }
        }
    }
}

/// <summary>The top of the tree, with places below it that are no actors.</summary>
internal sealed class RootGuardianRef(ActorSystemImpl system, LocalActorRefProvider provider,
    MessageDispatcher dispatcher)
    : LocalActorRef(system, Props.Create<GuardianActor>().WithSupervisorStrategy(RootStrategy), dispatcher,
        UnboundedMailbox.Instance, provider.Walker, provider.RootPath)
{
    private static readonly SupervisorStrategy RootStrategy = new OneForOneStrategy(_ => Directive.Stop);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, IInternalActorRef> _extraNames =
        new(StringComparer.Ordinal);

    public override IInternalActorRef Parent => this;

    public void AddExtraName(string name, IInternalActorRef actor) => _extraNames[name] = actor;

    public override IInternalActorRef GetSingleChild(string name) =>
        _extraNames.TryGetValue(ActorCell.GetNameAndUid(name).Name, out IInternalActorRef? extra)
            ? extra
            : base.GetSingleChild(name);
}
