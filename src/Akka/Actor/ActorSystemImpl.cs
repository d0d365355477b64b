using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Engine;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>The actor system of the embedded engine: puts the parts together, starts and ends them.</summary>
public sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly TaskCompletionSource _whenTerminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly Random _uids;
    private readonly long _startedAt;
    private readonly Stack<Action> _terminationCallbacks = new();
    private readonly StandardOutLogger _stdout;
    private bool _terminating;

    internal ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        if (!IsValidName(name))
        {
            throw new ArgumentException(
                $"'{name}' is not a name for an actor system; use letters, digits, - and _, not starting with - or _.",
                nameof(name));
        }
        Name = name;
        Host = setup.Get<EngineSetup>() is { HasValue: true } given ? given.Value.Host : ProcessHost.Instance;
        _uids = Host.CreateRandom("actor-uids");
        _startedAt = Host.Time.GetTimestamp();
        StartTime = Host.Time.GetUtcNow().UtcDateTime;

        var bootstrap = setup.Get<BootstrapSetup>();
        Config config = bootstrap.HasValue && bootstrap.Value.Config.HasValue
            ? bootstrap.Value.Config.Value
            : ConfigurationFactory.Load();
        Settings = new Settings(this, config, setup);
        if (bootstrap.HasValue && bootstrap.Value.ActorRefProvider.HasValue)
            Settings.ProviderClass = bootstrap.Value.ActorRefProvider.Value.Fqn;

        EventStream = new EventStream(Settings.DebugEventStream) { Time = Host.Time };
        _stdout = new StandardOutLogger(Host.LogSink);
        EventStream.StartStdoutLogger(_stdout, Logging.LogLevelFor(Settings.StdoutLogLevel));
        Log = new BusLogging(EventStream, $"ActorSystem({name})", GetType(), DefaultLogMessageFormatter.Instance);
        Provider = CreateProvider();
        DeadLetterMailbox = new DeadLetterMailbox(Provider.DeadLetters);
        Scheduler = CreateScheduler();
        Mailboxes = new Mailboxes(this);
        Dispatchers = new Dispatchers(this,
            new DispatcherPrerequisites(EventStream, Scheduler, Settings, Mailboxes, Host));
        Serialization = new Serialization.Serialization(this);
        SerializesMessages = Settings.SerializeAllMessages;
        SerializesCreators = Settings.SerializeAllCreators;
        DebugAutoReceive = Settings.DebugAutoReceive;
    }

    public override Settings Settings { get; }

    public override string Name { get; }

    public override Serialization.Serialization Serialization { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters => Provider.DeadLetters;

    public override IActorRef IgnoreRef => Provider.IgnoreRef;

    public override Dispatchers Dispatchers { get; }

    public override Mailboxes Mailboxes { get; }

    public override IScheduler Scheduler { get; }

    public override ILoggingAdapter Log { get; }

    public override TimeSpan Uptime => Host.Time.GetElapsedTime(_startedAt);

    public override DateTime StartTime { get; }

    public override IActorRefProvider Provider { get; }

    public override IInternalActorRef Guardian => Provider.Guardian;

    public override IInternalActorRef LookupRoot => Provider.RootGuardian;

    public override IInternalActorRef SystemGuardian => Provider.SystemGuardian;

    public override Task WhenTerminated => _whenTerminated.Task;

    internal EngineHost Host { get; }

    internal DeadLetterMailbox DeadLetterMailbox { get; }

    internal bool SerializesMessages { get; }

    internal bool SerializesCreators { get; }

    internal bool DebugAutoReceive { get; }

    internal bool IsTerminating => _terminating;

    /// <summary>For what must be said at the start and is found out before anybody would hear it.</summary>
    internal event Action? LoggersStarted;

    internal void Start()
    {
        Provider.Init(this);
        if (Provider is not LocalActorRefProvider)
        {
            Provider.TerminationTask.ContinueWith(
                _ => Ended(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
        }

        StartLoggers();
        LoggersStarted?.Invoke();
        if (Settings.LogDeadLetters > 0) StartDeadLetterListener();
        CoordinatedShutdown.Get(this);
        LoadExtensions();
        if (Settings.LogConfigOnStart) Log.Info(Settings.ToString());
    }

    public override IActorRef ActorOf(Props props, string? name = null) =>
        Provider.Guardian.Cell.ActorOf(props, name, isSystemService: false);

    public override IActorRef SystemActorOf(Props props, string? name = null) =>
        Provider.SystemGuardian.Cell.ActorOf(props, name, isSystemService: true);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) =>
        ActorRefFactoryShared.ActorSelection(actorPath, this);

    public override ActorSelection ActorSelection(string actorPath) =>
        ActorRefFactoryShared.ActorSelection(actorPath, this, Provider.RootGuardian);

    public override void Stop(IActorRef actor)
    {
        IInternalActorRef parent = actor.AsInternal().Parent;
        if (parent.Equals(Guardian) || parent.Equals(SystemGuardian)) parent.Tell(new StopChild(actor));
        else actor.AsInternal().Stop();
    }

    public override Task Terminate()
    {
        bool inPhases = Settings.Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate", true);
        if (inPhases) _ = CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        else FinalTerminate();
        return WhenTerminated;
    }

    public override void Abort() => FinalTerminate();

    /// <summary>Stops /user, then /system; what the coordinated shutdown does last.</summary>
    internal void FinalTerminate()
    {
        lock (_lock)
        {
            if (_terminating) return;
            _terminating = true;
        }
        if (!Settings.LogDeadLettersDuringShutdown)
            Provider.SystemGuardian.Cell.FindChild("deadLetterListener")?.Stop();
        Provider.Guardian.Stop();
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_lock)
        {
            if (!_whenTerminated.Task.IsCompleted)
            {
                _terminationCallbacks.Push(code);
                return;
            }
        }
        throw new InvalidOperationException(
            $"{this} has terminated already, so nothing can be done at its end any more.");
    }

    public override object RegisterExtension(IExtensionId extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        Lazy<object> made = _extensions.GetOrAdd(extension.ExtensionType,
            _ => new Lazy<object>(() => extension.CreateExtension(this)));
        return made.Value;
    }

    public override object GetExtension(IExtensionId extensionId) =>
        _extensions.TryGetValue(extensionId.ExtensionType, out Lazy<object>? made) ? made.Value : null!;

    public override T GetExtension<T>() =>
        _extensions.TryGetValue(typeof(T), out Lazy<object>? made) ? (T)made.Value : null!;

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, out object? extension)
    {
        bool found = _extensions.TryGetValue(extensionType, out Lazy<object>? made);
        extension = made?.Value;
        return found;
    }

    public override bool TryGetExtension<T>(out T? extension) where T : class
    {
        bool found = TryGetExtension(typeof(T), out object? any);
        extension = any as T;
        return found;
    }

    public override string PrintTree()
    {
        StringBuilder text = new();
        Print(Provider.RootGuardian, "", text);
        return text.ToString();
    }

    public override string ToString() => LookupRoot.Path.Root.Address.ToString();

    /// <summary>31 bits, never zero: the incarnation number that travels in paths.</summary>
    internal long NextUid()
    {
        lock (_lock) return _uids.Next(1, int.MaxValue);
    }

    internal void DebugLifecycle(IActorRef self, ActorBase? actor, string what)
    {
        if (!Settings.DebugLifecycle) return;
        EventStream.Publish(new Debug(self.Path.ToString(), actor?.GetType() ?? GetType(),
            string.Format(CultureInfo.InvariantCulture, what, actor?.GetType())));
    }

    /// <summary>The root of the tree has stopped.</summary>
    internal void Ended()
    {
        (Scheduler as IDisposable)?.Dispose();
        Action[] callbacks;
        lock (_lock) callbacks = [.. _terminationCallbacks];
        foreach (Action callback in callbacks)
        {
            try
            {
                callback();
            }
            catch (Exception failure)
            {
                EventStream.Publish(new Error(failure, Name, GetType(),
                    $"A termination callback failed: {failure.Message}"));
            }
        }
        _whenTerminated.TrySetResult();
    }

    private IActorRefProvider CreateProvider()
    {
        string name = Settings.ProviderClass;
        Type type = Type.GetType(name) ?? throw new ConfigurationException(
            $"akka.actor.provider names [{name}], which cannot be loaded. Is its assembly referenced?");
        if (type == typeof(LocalActorRefProvider)) return new LocalActorRefProvider(Name, Settings, EventStream);
        try
        {
            return (IActorRefProvider)Activator.CreateInstance(type, Name, Settings, EventStream)!;
        }
        catch (System.Reflection.TargetInvocationException failure) when (failure.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.InnerException);
            throw;
        }
    }

    private IScheduler CreateScheduler()
    {
        string name = Settings.SchedulerClass;
        Type type = Type.GetType(name) ?? throw new ConfigurationException(
            $"akka.scheduler.implementation names [{name}], which cannot be loaded.");
        return type == typeof(HashedWheelTimerScheduler)
            ? new HashedWheelTimerScheduler(Settings.Config, Log, Host)
            : (IScheduler)Activator.CreateInstance(type, Settings.Config, Log)!;
    }

    private void StartLoggers()
    {
        LogLevel level = Logging.LogLevelFor(Settings.LogLevel);
        bool keepStdout = false;
        int number = 0;
        foreach (string name in Settings.Loggers)
        {
            Type type = Type.GetType(name) ?? throw new ConfigurationException(
                $"akka.loggers names [{name}], which cannot be loaded.");
            if (type == typeof(StandardOutLogger))
            {
                keepStdout = true;
                continue;
            }
            number++;
            Props props = Props.Create(type).WithDispatcher(Settings.LoggersDispatcher);
            IActorRef logger = SystemActorOf(props, $"log{number}-{type.Name}");
            // Its mailbox keeps the order, so it is a logger before the first line comes; nobody has to wait.
            logger.Tell(new InitializeLogger(EventStream), ActorRefs.NoSender);
            EventStream.SubscribeLevels(logger, level);
        }
        EventStream.SetLogLevel(level);
        if (!keepStdout && number > 0) EventStream.Unsubscribe(_stdout);
    }

    private void StartDeadLetterListener()
    {
        IActorRef listener = SystemActorOf(Props.Create<DeadLetterListener>(), "deadLetterListener");
        DeadLetterListener.Subscribe(listener, EventStream);
    }

    private void LoadExtensions()
    {
        foreach (string name in Settings.Config.GetStringList("akka.extensions"))
        {
            Type? type = Type.GetType(name);
            if (type is not null && Activator.CreateInstance(type) is IExtensionId id) RegisterExtension(id);
            else Log.Error("akka.extensions names [{0}], which is not an extension id that can be loaded.", name);
        }
    }

    private static bool IsValidName(string name) =>
        !string.IsNullOrEmpty(name) && char.IsAsciiLetterOrDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static void Print(IInternalActorRef actor, string indent, StringBuilder text)
    {
        string kind = actor is LocalActorRef local ? local.Cell.Props.Type.Name : actor.GetType().Name;
        text.Append(indent).Append(actor.Path.Depth == 0 ? "/" : actor.Path.Name).Append(' ').AppendLine(kind);
        if (actor is not ActorRefWithCell withCell) return;
        foreach (IActorRef child in withCell.Children) Print(child.AsInternal(), indent + "  ", text);
    }
}

/// <summary>Delays for the engine's own short callbacks.</summary>
internal static class RawTimers
{
    /// <summary>On the system's timers; through the public scheduler where a test put in one of its own.</summary>
    public static IDisposable Schedule(ActorSystem system, TimeSpan delay, Action callback)
    {
        if (system.Scheduler is HashedWheelTimerScheduler wheel) return wheel.ScheduleRaw(delay, callback);
        return new Handle(system.Scheduler.Advanced.ScheduleOnceCancelable(delay, callback));
    }

    private sealed class Handle(ICancelable task) : IDisposable
    {
        public void Dispose() => task.Cancel();
    }
}
